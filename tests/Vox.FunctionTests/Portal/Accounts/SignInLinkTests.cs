using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OtpNet;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class SignInLinkTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Link_ForANewAddressWithoutAnyEmail_LeadsToTheFirstProjectOnce()
    {
        await using var app = await portal.StartAsync(settings: "Mail:Folder=");
        using var client = portal.NewClient(app);
        var email = PortalApp.NewEmail();
        Assert.Equal((503, "mail_unavailable"), await client.RefusedAsync(HttpMethod.Post, "accounts", client.SignUp(email, "")));
        var token = TokenOf(await MakeAsync(app, email));

        var read = await client.PostJsonAsync("sign-in-links/read", new { token });
        Assert.Equal((email, false), (read.GetProperty("email").GetString(), read.GetProperty("hasAccount").GetBoolean()));
        // A refused password does not use the link up.
        Assert.Equal(
            (400, "weak_password"), await client.RefusedAsync(HttpMethod.Post, "sign-in-links/use", Account(token, "short")));
        var answer = await client.PostJsonAsync("sign-in-links/use", Account(token));
        Assert.True(answer.GetProperty("signedIn").GetBoolean());

        Assert.Equal(email, (await client.LoadSessionAsync()).GetProperty("email").GetString());
        await client.PostJsonAsync("projects", new { name = "First" });
        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "sign-in-links/use", Account(token)));
        Assert.False((await client.GetAsync("info")).GetProperty("mail").GetBoolean());
        var actions = (await client.GetAsync("account/audit")).GetProperty("entries").EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString()).ToList();
        Assert.Equal(["account.signed_in", "account.activated", "account.link_made"], actions);
    }

    [Fact]
    public async Task Link_UsedAtTwoAppsAtOnce_WorksAtOneOfThem()
    {
        await using var other = await portal.StartAsync(tablePrefix: portal.App.TablePrefix);
        var token = TokenOf(await MakeAsync(portal.App, PortalApp.NewEmail()));
        using var one = portal.NewClient();
        using var two = portal.NewClient(other);

        var answers = await Task.WhenAll(
            one.PostAsync("sign-in-links/use", Account(token)), two.PostAsync("sign-in-links/use", Account(token)));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Gone], answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task Link_AfterADay_IsVoid()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var token = TokenOf(await MakeAsync(app, PortalApp.NewEmail()));

        clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "sign-in-links/read", new { token }));
        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "sign-in-links/use", Account(token)));
    }

    [Fact]
    public async Task Link_OlderThanTheAccount_IsVoid()
    {
        var email = PortalApp.NewEmail();
        var (older, newer) = (TokenOf(await MakeAsync(portal.App, email)), TokenOf(await MakeAsync(portal.App, email)));
        using var client = portal.NewClient();
        await client.PostJsonAsync("sign-in-links/use", Account(newer));

        Assert.Equal((410, "invalid_link"), await client.RefusedAsync(HttpMethod.Post, "sign-in-links/use", Account(older)));
    }

    [Fact]
    public async Task Link_OfAnAccountThatExists_SignsInAndItsOwnerIsTold()
    {
        using var owner = await portal.NewDeveloperAsync();
        Assert.False((await MakeAsync(portal.App, owner.Email, onlyNew: true)).TryGetProperty("link", out _));
        var made = await MakeAsync(portal.App, owner.Email);
        Assert.True(made.GetProperty("hasAccount").GetBoolean());
        using var client = portal.NewClient();

        // What is sent besides the token changes nothing of an account that exists.
        await client.PostJsonAsync("sign-in-links/use", Account(TokenOf(made), "another password 77"));

        Assert.Equal("Ada Lovelace", (await client.LoadSessionAsync()).GetProperty("name").GetString());
        Assert.Equal(
            (410, "invalid_link"),
            await client.RefusedAsync(HttpMethod.Post, "sign-in-links/use", new { token = TokenOf(made) }));
        await portal.MailAsync(owner.Email, "sign-in link for your Vox account");
        await owner.SignInAsync();
    }

    [Fact]
    public async Task Link_OfAnAccountWithAnAuthenticatorApp_AsksForItsCode()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var owner = await portal.NewDeveloperAsync(app);
        var setup = await owner.PostJsonAsync("account/totp", new { password = PortalClient.Password });
        var totp = new Totp(Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()));
        await owner.DoAsync(HttpMethod.Post, "account/totp/confirm", new { code = totp.ComputeTotp(clock.GetUtcNow().UtcDateTime) });
        using var client = portal.NewClient(app);

        var answer = await client.PostJsonAsync("sign-in-links/use", new { token = TokenOf(await MakeAsync(app, owner.Email)) });

        Assert.False(answer.GetProperty("signedIn").GetBoolean());
        Assert.Equal((401, "not_signed_in"), await client.RefusedAsync(HttpMethod.Get, "session"));
        clock.Advance(TimeSpan.FromSeconds(30));
        var code = totp.ComputeTotp(clock.GetUtcNow().UtcDateTime);
        await client.DoAsync(HttpMethod.Post, "session/verify", new { ticket = answer.GetProperty("ticket").GetString(), code });
        await client.LoadSessionAsync();
    }

    [Fact]
    public async Task Link_ForASignUpThatNobodyActivated_TakesItsPlace()
    {
        using var client = portal.NewClient();
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));

        await client.PostJsonAsync("sign-in-links/use", Account(TokenOf(await MakeAsync(portal.App, email))));

        Assert.Equal("Olga Operator", (await client.LoadSessionAsync()).GetProperty("name").GetString());
    }

    internal static async Task<JsonElement> MakeAsync(VoxApp app, string email, bool onlyNew = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/operator/v1/sign-in-links")
        {
            Content = JsonContent.Create(new { email, onlyNew }),
        };
        request.Headers.Add("x-functions-key", "local-master-key");
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal static string TokenOf(JsonElement made)
    {
        var link = new Uri(made.GetProperty("link").GetString()!);
        Assert.Equal("/portal/welcome", link.AbsolutePath);
        return Uri.UnescapeDataString(link.Query["?token=".Length..]);
    }

    internal static object Account(string token, string password = PortalClient.Password) =>
        new { token, name = "Olga Operator", password, termsVersion = "2026-01" };
}
