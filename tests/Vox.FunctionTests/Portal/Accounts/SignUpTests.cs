using System.Net;
using System.Text;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class SignUpTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task SignUp_LinkFollowed_CanSignInWithCodeByMail()
    {
        using var client = await portal.NewDeveloperAsync();

        var session = await client.LoadSessionAsync();

        Assert.Equal("Ada Lovelace", session.GetProperty("name").GetString());
        Assert.Equal("+442079460018", session.GetProperty("phone").GetString());
        Assert.False(session.GetProperty("totp").GetBoolean());
    }

    [Fact]
    public async Task SignUp_BeforeActivation_CannotSignIn()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));

        Assert.Equal(
            (401, "sign_in_failed"),
            await client.RefusedAsync(HttpMethod.Post, "session", new { email, password = PortalClient.Password }));
    }

    [Fact]
    public async Task Activate_LinkUsedTwice_IsRefusedTheSecondTime()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.RegisterAsync(email);

        var token = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));

        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "accounts/activate", new { token }));
    }

    [Fact]
    public async Task Activate_AfterADay_IsRefusedAndAResentLinkWorks()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));
        var late = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));

        clock.Advance(TimeSpan.FromHours(24.1));
        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "accounts/activate", new { token = late }));

        await client.DoAsync(
            HttpMethod.Post,
            "accounts/resend",
            new { email, password = PortalClient.Password, captcha = await client.SolveCaptchaAsync() });
        var fresh = PortalApp.TokenOf(await portal.MailAsync(email, "Activate", 2));
        await client.DoAsync(HttpMethod.Post, "accounts/activate", new { token = fresh });
    }

    [Fact]
    public async Task RenewActivation_ExpiredLink_SendsAnotherOneWithoutThePassword()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));
        var late = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));
        clock.Advance(TimeSpan.FromDays(3));
        // The sweep of the night leaves it for a month.
        await app.Get<Vox.Portal.Accounts.OneTimeTokens>().SweepAsync(CancellationToken.None);
        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "accounts/activate", new { token = late }));

        await client.DoAsync(HttpMethod.Post, "accounts/activate/renew", new { token = late });

        var fresh = PortalApp.TokenOf(await portal.MailAsync(email, "Activate", 2));
        await client.DoAsync(HttpMethod.Post, "accounts/activate", new { token = fresh });
        // An active account needs no link, and a made-up one leads nowhere.
        foreach (var token in (string?[])[late, fresh, "made-up", "", null])
        {
            Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "accounts/activate/renew", new { token }));
        }

        clock.Advance(TimeSpan.FromDays(31));
        await app.Get<Vox.Portal.Accounts.OneTimeTokens>().SweepAsync(CancellationToken.None);
        Assert.Null(await app.Get<Vox.Portal.Accounts.OneTimeTokens>().FindExpiredAsync("activation", late, CancellationToken.None));
    }

    [Fact]
    public async Task Activate_SomebodyElseSignedUpWithTheAddressSince_OldLinkIsVoid()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));
        var mine = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));

        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "accounts/activate", new { token = mine }));
    }

    [Fact]
    public async Task SignUp_AddressTaken_AnswersTheSameAndTellsTheOwner()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.RegisterAsync(email);

        using var again = await client.PostAsync("accounts", client.SignUp(email.ToUpperInvariant(), await client.SolveCaptchaAsync()));

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Contains("password", (await portal.MailAsync(email, "account already")).TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignUp_CaptchaUsedTwice_IsRefused()
    {
        using var client = portal.NewClient();
        var captcha = await client.SolveCaptchaAsync();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(PortalApp.NewEmail(), captcha));

        Assert.Equal(
            (400, "captcha_failed"), await client.RefusedAsync(HttpMethod.Post, "accounts", client.SignUp(PortalApp.NewEmail(), captcha)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("e30=")]
    [InlineData("bnVsbA==")]
    public async Task SignUp_CaptchaBroken_IsRefused(string captcha)
    {
        using var client = portal.NewClient();
        Assert.Equal(
            (400, "captcha_failed"), await client.RefusedAsync(HttpMethod.Post, "accounts", client.SignUp(PortalApp.NewEmail(), captcha)));
    }

    [Fact]
    public async Task SignUp_CaptchaForgedOrLate_IsRefused()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var solved = Encoding.UTF8.GetString(Convert.FromBase64String(await client.SolveCaptchaAsync()));
        var forged = Convert.ToBase64String(
            Encoding.UTF8.GetBytes(solved.Replace("\"signature\":\"", "\"signature\":\"0", StringComparison.Ordinal)));
        Assert.Equal(
            (400, "captcha_failed"), await client.RefusedAsync(HttpMethod.Post, "accounts", client.SignUp(PortalApp.NewEmail(), forged)));

        clock.Advance(TimeSpan.FromMinutes(11));
        var late = Convert.ToBase64String(Encoding.UTF8.GetBytes(solved));
        Assert.Equal(
            (400, "captcha_failed"), await client.RefusedAsync(HttpMethod.Post, "accounts", client.SignUp(PortalApp.NewEmail(), late)));
    }

    [Theory]
    [InlineData("name", "", "missing_field")]
    [InlineData("name", "a\nb", "invalid_field")]
    [InlineData("email", "no address", "invalid_field")]
    [InlineData("email", "Ada <ada@example.com>", "invalid_field")]
    [InlineData("phone", "12", "invalid_field")]
    [InlineData("phone", "+1 555 0", "invalid_field")]
    [InlineData("password", "short", "weak_password")]
    [InlineData("password", "password1234", "weak_password")]
    [InlineData("password", "aaaaaaaaaaaaaa", "weak_password")]
    [InlineData("password", "AdaLovelace1", "weak_password")]
    [InlineData("termsVersion", "1999", "terms_not_accepted")]
    public async Task SignUp_BadField_IsNamed(string field, string value, string code)
    {
        using var client = portal.NewClient();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "Ada Lovelace",
            ["email"] = PortalApp.NewEmail(),
            ["phone"] = "+442079460018",
            ["password"] = PortalClient.Password,
            ["termsVersion"] = "2026-01",
            [field] = value,
        };

        using var response = await client.PostAsync("accounts", fields);
        var problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task DevMail_ShowsWhatWasSent_WithScriptsAsText()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", new
        {
            name = "<script>alert(1)</script>",
            email,
            phone = "+442079460018",
            password = PortalClient.Password,
            termsVersion = "2026-01",
            captcha = await client.SolveCaptchaAsync(),
        });
        var mail = await portal.MailAsync(email, "Activate");
        Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.Ordinal);

        var page = await client.Http.GetStringAsync("/portal/dev-mail");

        Assert.Contains(email, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }
}
