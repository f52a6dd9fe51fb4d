using System.Net;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Platform.Security;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>What strangers can do about a developer's account: neither get in, nor keep its owner out.</summary>
public sealed class LockTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private const string Header = "X-Test-Client";
    private const string Setting = "Limits:ClientAddressHeader=" + Header;

    [Fact]
    public async Task SignIn_FiveWrongPasswordsFromElsewhere_TheDeveloperSignsIn()
    {
        await using var app = await portal.StartAsync(settings: Setting);
        using var developer = At("198.51.100.7", app);
        await developer.RegisterAsync(PortalApp.NewEmail());
        using var attacker = At("203.0.113.66", app);
        await FailAsync(attacker, developer.Email, 5);

        Assert.Equal(
            (429, "too_many_attempts"),
            await attacker.RefusedAsync(
                HttpMethod.Post, "session", new { email = developer.Email, password = PortalClient.Password }));
        await developer.SignInAsync();
    }

    [Fact]
    public async Task SignIn_RememberedDevice_IsNotLockedByOthersAtItsAddressAndHasACountOfItsOwn()
    {
        using var developer = portal.NewClient();
        await developer.RegisterAsync(PortalApp.NewEmail());
        await developer.SignInAsync(remember: true);
        await developer.DoAsync(HttpMethod.Delete, "session");
        using var attacker = portal.NewClient();
        await FailAsync(attacker, developer.Email, 5);

        var answer = await developer.PostJsonAsync("session", new { email = developer.Email, password = PortalClient.Password });
        Assert.True(answer.GetProperty("signedIn").GetBoolean());

        await FailAsync(developer, developer.Email, 5);
        Assert.Equal(
            (429, "too_many_attempts"),
            await developer.RefusedAsync(
                HttpMethod.Post, "session", new { email = developer.Email, password = PortalClient.Password }));
    }

    [Fact]
    public async Task SignIn_TwoHundredFailuresWhereNoAddressIsKnown_OtherDevelopersSignIn()
    {
        using var developer = portal.NewClient();
        await developer.RegisterAsync(PortalApp.NewEmail());
        using var attacker = portal.NewClient();
        await Parallel.ForAsync(0, 201, async (_, _) => await FailAsync(attacker, PortalApp.NewEmail(), 1));

        await developer.SignInAsync();
    }

    [Fact]
    public async Task SignIn_TwoHundredFailuresFromOneAddress_LockThatAddressOnly()
    {
        await using var app = await portal.StartAsync(settings: Setting);
        using var developer = At("198.51.100.7", app);
        await developer.RegisterAsync(PortalApp.NewEmail());
        using var attacker = At("203.0.113.66", app);
        await Parallel.ForAsync(0, 200, async (_, _) => await FailAsync(attacker, PortalApp.NewEmail(), 1));

        Assert.Equal(
            (429, "too_many_attempts"),
            await attacker.RefusedAsync(HttpMethod.Post, "session", new { email = PortalApp.NewEmail(), password = "wrong" }));
        await developer.SignInAsync();
    }

    [Fact]
    public async Task SignIn_GuessesAtTwoInstances_CountTogether()
    {
        await using var other = await portal.StartAsync(tablePrefix: portal.App.TablePrefix);
        using var here = portal.NewClient();
        using var there = portal.NewClient(other);
        var email = PortalApp.NewEmail();
        await FailAsync(here, email, 3);
        await FailAsync(there, email, 2);

        Assert.Equal(
            (429, "too_many_attempts"), await here.RefusedAsync(HttpMethod.Post, "session", new { email, password = "wrong" }));
        Assert.Equal(
            (429, "too_many_attempts"), await there.RefusedAsync(HttpMethod.Post, "session", new { email, password = "wrong" }));
    }

    [Fact]
    public async Task SignIn_Failure_CostsOneStorageRequestForCountingAndASuccessNone()
    {
        var counting = new List<string>();
        var seen = new StorageFaults
        {
            Hold = request =>
            {
                lock (counting)
                {
                    if (request.Contains("attempts", StringComparison.Ordinal))
                    {
                        counting.Add(request);
                    }
                }

                return Task.CompletedTask;
            },
        };
        await using var app = await portal.StartAsync(configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(seen));
        using var developer = portal.NewClient(app);
        await developer.RegisterAsync(PortalApp.NewEmail());
        await developer.SignInAsync(remember: true);
        using var attacker = portal.NewClient(app);
        await FailAsync(attacker, developer.Email, 1);

        counting.Clear();
        await FailAsync(attacker, developer.Email, 3);
        Assert.Equal(3, counting.Count);

        counting.Clear();
        await developer.DoAsync(HttpMethod.Post, "session", new { email = developer.Email, password = PortalClient.Password });
        Assert.Empty(counting);
    }

    [Fact]
    public async Task SignIn_WhileTheUsersOfProjectsWaitForTheirHashes_IsNotKeptWaiting()
    {
        await using var app = await portal.StartAsync();
        using var developer = portal.NewClient(app);
        await developer.RegisterAsync(PortalApp.NewEmail());
        using var gate = new ManualResetEventSlim();
        var held = Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => app.Get<PasswordHasher>().VerifyAsync("x", null, gate.Wait, CancellationToken.None))).ToList();

        await developer.SignInAsync();

        Assert.DoesNotContain(held, task => task.IsCompleted);
        gate.Set();
        await Task.WhenAll(held);
    }

    [Fact]
    public async Task Forgot_AskedForByOthersManyTimes_TheOwnerHasALink()
    {
        using var developer = portal.NewClient();
        await developer.RegisterAsync(PortalApp.NewEmail());
        for (var i = 0; i < 12; i++)
        {
            await developer.DoAsync(
                HttpMethod.Post, "accounts/forgot", new { email = developer.Email, captcha = await developer.SolveCaptchaAsync() });
        }

        // No more than ten e-mails, and each of their links is good.
        await portal.MailAsync(developer.Email, "Set a new password", 10);
        var first = (await portal.MailsAsync(developer.Email, "Set a new password"))[0];
        await developer.DoAsync(
            HttpMethod.Post, "accounts/reset", new { token = PortalApp.TokenOf(first), password = "another horse battery 7" });
        await developer.SignInAsync("another horse battery 7");
        Assert.Equal(10, (await portal.MailsAsync(developer.Email, "Set a new password")).Count);
    }

    [Fact]
    public async Task Forgot_SixTimesFromOneAddress_IsRefusedThereAndNotElsewhere()
    {
        await using var app = await portal.StartAsync(settings: Setting);
        using var developer = At("198.51.100.7", app);
        await developer.RegisterAsync(PortalApp.NewEmail());
        using var attacker = At("203.0.113.66", app);
        for (var i = 0; i < 5; i++)
        {
            await attacker.DoAsync(HttpMethod.Post, "accounts/forgot", await AskAsync(attacker));
        }

        Assert.Equal(
            (429, "too_many_attempts"), await attacker.RefusedAsync(HttpMethod.Post, "accounts/forgot", await AskAsync(attacker)));
        await developer.DoAsync(HttpMethod.Post, "accounts/forgot", await AskAsync(developer));

        async Task<object> AskAsync(PortalClient client) => new { email = developer.Email, captcha = await client.SolveCaptchaAsync() };
    }

    [Fact]
    public void ForwardedFor_IsLeftAsItArrives_SoThatItsLastHopCanBeRead() => Assert.False(
        portal.App.Get<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders.HasFlag(ForwardedHeaders.XForwardedFor));

    private PortalClient At(string address, VoxApp app)
    {
        var client = portal.NewClient(app);
        client.Http.DefaultRequestHeaders.Add(Header, address);
        return client;
    }

    private static async Task FailAsync(PortalClient client, string email, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(
                (401, "sign_in_failed"), await client.RefusedAsync(HttpMethod.Post, "session", new { email, password = "wrong" }));
        }
    }
}
