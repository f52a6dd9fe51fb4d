using System.Net;
using OtpNet;

namespace Vox.Tests.Portal;

public sealed class SignInTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task SignIn_WrongPassword_SaysTheSameAsForAnUnknownAccount()
    {
        using var client = portal.NewClient();
        await client.RegisterAsync(PortalApp.NewEmail());

        using var wrong = await client.PostAsync("session", new { email = client.Email, password = "wrong" });
        using var unknown = await client.PostAsync("session", new { email = PortalApp.NewEmail(), password = "wrong" });

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(await wrong.Content.ReadAsStringAsync(), await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task SignIn_FiveFailures_LocksForAMinuteThenForTwo_WhetherTheAccountExistsOrNot()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var known = PortalApp.NewEmail();
        await client.RegisterAsync(known);
        foreach (var email in (string[])[known, PortalApp.NewEmail()])
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(
                    (401, "sign_in_failed"), await client.RefusedAsync(HttpMethod.Post, "session", new { email, password = "wrong" }));
            }

            // The right password is refused too. If it opened the lock, an attacker would learn that it is right.
            Assert.Equal(
                (429, "too_many_attempts"),
                await client.RefusedAsync(HttpMethod.Post, "session", new { email, password = PortalClient.Password }));
        }

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(
            (401, "sign_in_failed"), await client.RefusedAsync(HttpMethod.Post, "session", new { email = known, password = "wrong" }));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(
            (429, "too_many_attempts"), await client.RefusedAsync(HttpMethod.Post, "session", new { email = known, password = "wrong" }));
        clock.Advance(TimeSpan.FromSeconds(61));
        await client.SignInAsync();
    }

    [Fact]
    public async Task SignIn_ManyGuessesAtOnce_AtMostFiveAreMade()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => client.RefusedAsync(HttpMethod.Post, "session", new { email, password = "x" })));

        Assert.InRange(answers.Count(answer => answer.Code == "sign_in_failed"), 1, 5);
    }

    [Fact]
    public async Task Verify_CodeWrongFiveTimes_TheRightOneIsTooLate()
    {
        using var client = portal.NewClient();
        await client.RegisterAsync(PortalApp.NewEmail());
        var ticket = (await client.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password }))
            .GetProperty("ticket").GetString();
        var code = PortalApp.CodeOf(await portal.MailAsync(client.Email, "sign-in code"));
        var wrong = code == "000000" ? "000001" : "000000";
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((401, "wrong_code"), await client.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket, code = wrong }));
        }

        var refused = await client.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket, code });
        Assert.Contains(refused, ((int, string)[])[(401, "wrong_code"), (429, "too_many_attempts")]);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("second factor")]
    public async Task Verify_PasswordOrSecondFactorWasChangedMeanwhile_TheSignInIsVoid(string what)
    {
        using var owner = await portal.NewDeveloperAsync();
        using var thief = portal.NewClient();
        var mails = (await portal.MailsAsync(owner.Email, "sign-in code")).Count;
        var ticket = (await thief.PostJsonAsync("session", new { email = owner.Email, password = PortalClient.Password }))
            .GetProperty("ticket").GetString();
        var code = PortalApp.CodeOf(await portal.MailAsync(owner.Email, "sign-in code", mails + 1));
        if (what == "password")
        {
            await owner.DoAsync(
                HttpMethod.Put, "account/password", new { password = PortalClient.Password, newPassword = "quite another phrase 7" });
        }
        else
        {
            var setup = await owner.PostJsonAsync("account/totp", new { password = PortalClient.Password });
            var app = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()));
            await owner.DoAsync(HttpMethod.Post, "account/totp/confirm", new { code = app.ComputeTotp() });
        }

        Assert.Equal(
            (401, "wrong_code"),
            await thief.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket, code, rememberDevice = true }));
        Assert.Equal((401, "not_signed_in"), await thief.RefusedAsync(HttpMethod.Get, "projects"));
    }

    [Fact]
    public async Task Verify_CodeUsedTwiceOrLate_IsRefused()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        await client.RegisterAsync(PortalApp.NewEmail());
        var ticket = (await client.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password }))
            .GetProperty("ticket").GetString();
        var code = PortalApp.CodeOf(await portal.MailAsync(client.Email, "sign-in code"));
        await client.DoAsync(HttpMethod.Post, "session/verify", new { ticket, code });
        Assert.Equal((401, "wrong_code"), await client.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket, code }));

        using var other = portal.NewClient(app);
        ticket = (await other.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password }))
            .GetProperty("ticket").GetString();
        code = PortalApp.CodeOf(await portal.MailAsync(client.Email, "sign-in code", 2));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal((401, "wrong_code"), await other.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket, code }));
    }

    [Fact]
    public async Task SignIn_RememberedDevice_NeedsNoCodeUntilSignedOutEverywhere()
    {
        using var client = portal.NewClient();
        await client.RegisterAsync(PortalApp.NewEmail());
        await client.SignInAsync(remember: true);
        await client.DoAsync(HttpMethod.Delete, "session");

        var again = await client.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password });
        Assert.True(again.GetProperty("signedIn").GetBoolean());

        await client.LoadSessionAsync();
        await client.DoAsync(HttpMethod.Delete, "session?everywhere=true");
        again = await client.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password });
        Assert.False(again.GetProperty("signedIn").GetBoolean());
    }

    [Fact]
    public async Task SignOut_Everywhere_EndsOtherBrowsers()
    {
        using var one = await portal.NewDeveloperAsync();
        using var two = portal.NewClient();
        await two.SignInAsync(email: one.Email);

        await one.DoAsync(HttpMethod.Delete, "session?everywhere=true");

        Assert.Equal((401, "not_signed_in"), await two.RefusedAsync(HttpMethod.Get, "session"));
    }

    [Fact]
    public async Task Change_WithoutCsrfTokenOrFromAnotherSite_IsRefused()
    {
        using var client = await portal.NewDeveloperAsync();
        client.CsrfToken = null;
        Assert.Equal((403, "csrf_rejected"), await client.RefusedAsync(HttpMethod.Delete, "session"));
        client.CsrfToken = "wrong";
        Assert.Equal((403, "csrf_rejected"), await client.RefusedAsync(HttpMethod.Delete, "session"));

        using var request = new HttpRequestMessage(HttpMethod.Post, "session")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { email = client.Email, password = "x" })
        };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Cookies_BehindHttps_AreHttpOnlyStrictSecureAndForThisHostAlone()
    {
        await using var app = await portal.StartAsync(settings: "Portal:BaseUrl=https://portal.example.com");
        using var client = portal.NewClient(app);
        await client.RegisterAsync(PortalApp.NewEmail());
        var ticket = (await client.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password }))
            .GetProperty("ticket").GetString();
        var mail = await portal.MailAsync(client.Email, "sign-in code");
        using var response = await client.PostAsync("session/verify", new { ticket, code = PortalApp.CodeOf(mail), rememberDevice = true });

        var cookies = response.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.StartsWith("__Host-vox-", cookie, StringComparison.Ordinal);
            Assert.Contains("path=/;", cookie + ";", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.StartsWith("https://portal.example.com/portal/activate?token=", (await portal.MailAsync(client.Email, "Activate")).TextBody!
            .Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totp_Added_ReplacesTheMailAndEachCodeIsGoodOnce()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        Assert.Equal((401, "sign_in_failed"), await client.RefusedAsync(HttpMethod.Post, "account/totp", new { password = "wrong" }));
        var setup = await client.PostJsonAsync("account/totp", new { password = PortalClient.Password });
        Assert.StartsWith("data:image/png;base64,", setup.GetProperty("qr").GetString(), StringComparison.Ordinal);
        var totp = new Totp(Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()));
        string Code() => totp.ComputeTotp(clock.GetUtcNow().UtcDateTime);
        Assert.Equal((401, "wrong_code"), await client.RefusedAsync(HttpMethod.Post, "account/totp/confirm", new { code = "12345x" }));
        var recovery = (await client.PostJsonAsync("account/totp/confirm", new { code = Code() }))
            .GetProperty("codes").EnumerateArray().Select(code => code.GetString()!).ToList();
        Assert.Equal(10, recovery.Distinct().Count());

        using var other = portal.NewClient(app);
        async Task<string?> TicketAsync()
        {
            var answer = await other.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password });
            Assert.Equal("totp", answer.GetProperty("method").GetString());
            return answer.GetProperty("ticket").GetString();
        }

        Assert.Equal(
            (401, "wrong_code"),
            await other.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket = await TicketAsync(), code = Code() }));
        clock.Advance(TimeSpan.FromSeconds(30));
        await other.DoAsync(HttpMethod.Post, "session/verify", new { ticket = await TicketAsync(), code = Code() });
        await other.DoAsync(HttpMethod.Post, "session/verify", new { ticket = await TicketAsync(), code = recovery[0].ToUpperInvariant() });
        Assert.Equal(
            (401, "wrong_code"),
            await other.RefusedAsync(HttpMethod.Post, "session/verify", new { ticket = await TicketAsync(), code = recovery[0] }));
        Assert.Equal(9, (await client.LoadSessionAsync()).GetProperty("recoveryCodes").GetInt32());
    }

    [Fact]
    public async Task Totp_AddedOrRemoved_RememberedDevicesAreAskedForACodeAgain()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        await client.RegisterAsync(PortalApp.NewEmail());
        await client.SignInAsync(remember: true);
        // E-mails are told apart by their time.
        clock.Advance(TimeSpan.FromSeconds(1));
        using var phone = portal.NewClient(app);
        await phone.SignInAsync(email: client.Email, remember: true);
        var setup = await client.PostJsonAsync("account/totp", new { password = PortalClient.Password });
        var totp = new Totp(Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()));
        await client.DoAsync(HttpMethod.Post, "account/totp/confirm", new { code = totp.ComputeTotp(clock.GetUtcNow().UtcDateTime) });

        var ticket = (await AskedAsync(phone)).GetProperty("ticket").GetString();
        await AskedAsync(client);
        clock.Advance(TimeSpan.FromSeconds(30));
        await phone.DoAsync(
            HttpMethod.Post,
            "session/verify",
            new { ticket, code = totp.ComputeTotp(clock.GetUtcNow().UtcDateTime), rememberDevice = true });

        await client.DoAsync(HttpMethod.Post, "account/totp/remove", new { password = PortalClient.Password });
        await AskedAsync(phone);

        async Task<System.Text.Json.JsonElement> AskedAsync(PortalClient device)
        {
            var answer = await device.PostJsonAsync("session", new { email = client.Email, password = PortalClient.Password });
            Assert.False(answer.GetProperty("signedIn").GetBoolean());
            return answer;
        }
    }

    [Fact]
    public async Task Session_UsedAllTheTime_EndsAfterAWeek()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        for (var hours = 0; hours < 164; hours += 4)
        {
            clock.Advance(TimeSpan.FromHours(4));
            await client.LoadSessionAsync();
        }

        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal((401, "not_signed_in"), await client.RefusedAsync(HttpMethod.Get, "session"));
    }

    [Fact]
    public async Task Forgot_LinkFollowed_NewPasswordWorksOldSessionsEndAndLinkIsVoid()
    {
        using var client = await portal.NewDeveloperAsync();
        using var visitor = portal.NewClient();
        await visitor.DoAsync(
            HttpMethod.Post, "accounts/forgot", new { email = client.Email, captcha = await visitor.SolveCaptchaAsync() });
        var token = PortalApp.TokenOf(await portal.MailAsync(client.Email, "Set a new password"));

        Assert.Equal(
            (400, "weak_password"), await visitor.RefusedAsync(HttpMethod.Post, "accounts/reset", new { token, password = "short" }));
        await visitor.DoAsync(HttpMethod.Post, "accounts/reset", new { token, password = "another horse battery 7" });

        Assert.Equal((401, "not_signed_in"), await client.RefusedAsync(HttpMethod.Get, "session"));
        Assert.Equal(
            (410, "invalid_link"),
            await visitor.RefusedAsync(HttpMethod.Post, "accounts/reset", new { token, password = "another horse battery 8" }));
        Assert.Equal(
            (401, "sign_in_failed"),
            await client.RefusedAsync(HttpMethod.Post, "session", new { email = client.Email, password = PortalClient.Password }));
        await client.SignInAsync("another horse battery 7");
    }

    [Fact]
    public async Task Forgot_UnknownAddress_AnswersTheSame()
    {
        using var client = portal.NewClient();
        using var response = await client.PostAsync(
            "accounts/forgot", new { email = PortalApp.NewEmail(), captcha = await client.SolveCaptchaAsync() });
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }
}
