using System.Net;
using System.Net.Http.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Limits;

/// <summary>Wrong passwords: what they cost, and whom they must not keep out.</summary>
public sealed class GuessTests(Backends backends)
{
    private const string Header = "X-Test-Client";
    private const string Attacker = "203.0.113.66";

    [Fact]
    public async Task LogIn_ManyNamesThatDoNotExist_AreHashedOnlyUpToTheProjectsBudget()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Limits:WrongPasswordsOfProjectPerMinute=10"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "known from now on");
        var other = await (await app.CreateProjectAsync()).CreateUserAsync("alice");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(n => new TestUser(project, $"nobody{n}", "x").PostLogInAsync()));

        Assert.Equal(60, answers.Count(a => a.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
        // Those under way count as wrong, too, so at once there may be a few less.
        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized), 5, 10);
        await alice.SendChatAsync("bob", "not disturbed");
        await other.LogInAsync();
    }

    [Fact]
    public async Task LogIn_ManyWrongPasswordsFromOneAddress_OthersLogInAndSend()
    {
        await using var app = await VoxApp.StartAsync(
            backends, ["Limits:ClientAddressHeader=" + Header, "Limits:WrongPasswordsOfAddressPerMinute=8"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(n => LogInAsync(app, new TestUser(project, $"nobody{n}", "x"), Attacker)));

        Assert.InRange(answers.Count(status => status == HttpStatusCode.Unauthorized), 4, 8);
        while (await LogInAsync(app, new TestUser(project, "nobody", "x"), Attacker) != HttpStatusCode.TooManyRequests)
        {
            // Uses up what is left.
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync(app, alice, Attacker));
        Assert.Equal(HttpStatusCode.OK, await LogInAsync(app, alice, "198.51.100.7"));
    }

    [Fact]
    public async Task LogIn_ProjectsBudgetUsedUpByManyAddresses_OneThatHasNotGuessedStillHasATry()
    {
        await using var app = await VoxApp.StartAsync(
            backends, ["Limits:ClientAddressHeader=" + Header, "Limits:WrongPasswordsOfProjectPerMinute=5"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        for (var n = 0; n < 5; n++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(app, new TestUser(project, "nobody", "x"), $"203.0.113.{n}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync(app, alice, "203.0.113.3"));
        Assert.Equal(HttpStatusCode.OK, await LogInAsync(app, alice, "198.51.100.7"));
    }

    [Fact]
    public async Task SendChat_TwentyWrongGuessesByAStranger_TheCustomersServerGetsThrough()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, clock, "Limits:ClientAddressHeader=" + Header);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await GuessAsync(Attacker);

        // From elsewhere, though the password was never verified before.
        Assert.Equal(HttpStatusCode.OK, await SendAsync("198.51.100.7"));
        // When it was verified a while ago, and somebody guesses at the server's own address.
        clock.Advance(TimeSpan.FromMinutes(30));
        await GuessAsync("198.51.100.7");
        Assert.Equal(HttpStatusCode.OK, await SendAsync("198.51.100.7"));
        // With the project's token, although the password is new to this process and no address is known.
        await using var cold = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        await GuessAsync(null, cold);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SendAsync(null, cold));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(null, cold, project.Token));

        async Task GuessAsync(string? address, VoxApp? through = null)
        {
            for (var guess = 0; guess < 20; guess++)
            {
                Assert.Equal(
                    HttpStatusCode.Unauthorized, await LogInAsync(through ?? app, alice with { Password = $"guess {guess}" }, address));
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync(through ?? app, alice with { Password = "guess" }, address));
        }

        async Task<HttpStatusCode> SendAsync(string? address, VoxApp? through = null, string? token = null)
        {
            var fields = new Dictionary<string, string?>
            {
                ["projectid"] = project.Id,
                ["authtoken"] = token,
                ["user"] = "alice",
                ["pass"] = alice.Password,
                ["recipient"] = "bob",
                ["message"] = "hello",
                ["msgType"] = "1",
                ["ct"] = "text/plain",
            };
            return await FromAsync(through ?? app, "/sendchat", fields, address);
        }
    }

    [Fact]
    public async Task LogIn_GuessesAtTwoInstances_CountTogether()
    {
        await using var one = await VoxApp.StartAsync(backends, ["Limits:WrongPasswordsPerMinute=4"]);
        await using var two = await VoxApp.StartAsync(backends, ["Limits:WrongPasswordsPerMinute=4"], tablePrefix: one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        var made = 0;
        for (var guess = 0; guess < 10; guess++)
        {
            foreach (var app in (VoxApp[])[one, two])
            {
                made += await LogInAsync(app, alice with { Password = $"guess {guess}" }, null) == HttpStatusCode.Unauthorized ? 1 : 0;
            }
        }

        // One more, because an instance learns of the others' guesses with its own next one.
        Assert.InRange(made, 4, 5);
        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync(one, alice, null));
        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync(two, alice, null));
    }

    [Fact]
    public async Task LogIn_WrongPassword_CostsOneStorageRequestForAllItsCountsAndARefusalNone()
    {
        var requests = new List<string>();
        var seen = new StorageFaults
        {
            Hold = request =>
            {
                lock (requests)
                {
                    requests.Add(request);
                }

                return Task.CompletedTask;
            },
        };
        await using var app = await VoxApp.StartAsync(
            backends, ["Limits:WrongPasswordsPerMinute=3", "Limits:ClientAddressHeader=" + Header],
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(seen));
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await LogInAsync(app, alice with { Password = "creates the table" }, "198.51.100.9");

        Assert.Equal((HttpStatusCode.Unauthorized, 1), await CountedAsync(alice with { Password = "1" }));
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await CountedAsync(alice with { Password = "2" }));
        Assert.Equal((HttpStatusCode.OK, 0), await CountedAsync(alice));
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await CountedAsync(alice with { Password = "3" }));
        Assert.Equal((HttpStatusCode.TooManyRequests, 0), await CountedAsync(alice with { Password = "4" }));

        async Task<(HttpStatusCode Status, int Requests)> CountedAsync(TestUser user)
        {
            var before = requests.Count;
            var status = await LogInAsync(app, user, Attacker);
            return (status, requests.Skip(before).Count(request => request.Contains("attempts", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task SignUp_AtTwoInstances_CountTogether()
    {
        string[] settings = ["Users:SelfSignUp=*", "Users:SelfSignUpsPerMinute=4"];
        await using var one = await VoxApp.StartAsync(backends, settings);
        await using var two = await VoxApp.StartAsync(backends, settings, tablePrefix: one.TablePrefix);
        var project = await one.CreateProjectAsync();

        var created = 0;
        for (var n = 0; n < 5; n++)
        {
            foreach (var app in (VoxApp[])[one, two])
            {
                using var answer = await app.Http.PostAsJsonAsync(
                    "/api/v1/users", new { projectId = project.Id, loginId = $"user{n}{app.Address.Port}", password = "secret" });
                created += answer.IsSuccessStatusCode ? 1 : 0;
            }
        }

        Assert.Equal(4, created);
    }

    private static Task<HttpStatusCode> LogInAsync(VoxApp app, TestUser user, string? address) => FromAsync(
        app, "/api/v1/sessions", new { projectId = user.Project.Id, loginId = user.LoginId, password = user.Password }, address);

    private static async Task<HttpStatusCode> FromAsync(VoxApp app, string path, object body, string? address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (address is not null)
        {
            // What clients send themselves stands before what the proxy appends.
            request.Headers.TryAddWithoutValidation(Header, $"192.0.2.{Random.Shared.Next(250)}, {address}");
        }

        using var response = await app.Http.SendAsync(request);
        return response.StatusCode;
    }
}
