using System.Net;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Tests.Fixture;

namespace Vox.Tests.Limits;

public sealed class LimitTests(Backends backends)
{
    /// <summary>More than any refill lets through while they are sent.</summary>
    private const int Many = 60;

    [Fact]
    public async Task User_SendsTooMany_Is429WithTheTimeToWaitAndOthersAreNot()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Limits:UserPerSecond=1", "Limits:UserBurst=5"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var session = await alice.LogInAsync();

        var refused = await RefusedAsync(() => session.GetConversationsAsync());

        await Task.FromResult(refused).ProblemAsync("too_many_requests");
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        await bob.GetConversationsAsync().TextAsync();
        var refusedChat = await RefusedAsync(() => alice.PostChatAsync("bob", "Hello"));
        await Task.FromResult(refusedChat).VendorStatusErrorAsync(429);
        await bob.GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Project_SendsTooMany_Is429AndOthersAreNot()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Limits:ProjectPerSecond=1", "Limits:ProjectBurst=8"]);
        var project = await app.CreateProjectAsync();
        var other = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");

        var refused = await RefusedAsync(() => app.GetAsync("/api/getchathistory", new Dictionary<string, string?>
        {
            ["projectid"] = project.Id,
            ["authtoken"] = project.Token,
            ["offset"] = "0",
            ["size"] = "1",
        }));

        await Task.FromResult(refused).VendorDataErrorAsync(429);
        await other.CreateUserAsync("alice");
    }

    [Fact]
    public async Task Address_SendsTooMany_Is429AndOthersAreNot()
    {
        await using var app = await VoxApp.StartAsync(
            backends, ["Limits:AddressPerSecond=1", "Limits:AddressBurst=5", "Limits:ClientAddressHeader=X-Test-Client"]);

        var refused = await RefusedAsync(() => FromAsync(app, "2001:db8:1:2::7"));

        await Task.FromResult(refused).ProblemAsync("too_many_requests");
        Assert.Equal(HttpStatusCode.OK, (await FromAsync(app, "2001:db8:1:3::7")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FromAsync(app, "203.0.113.7")).StatusCode);
        // The same network of IPv6 is the same caller.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RefusedAsync(() => FromAsync(app, "2001:db8:1:2::8"))).StatusCode);
    }

    [Fact]
    public async Task WrongPasswords_TooMany_RightOnesWaitToo_ButWhoIsKnownGoesOnSending()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Limits:WrongPasswordsPerMinute=3"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "known from now on");
        foreach (var guessed in new[] { alice, bob })
        {
            for (var guess = 0; guess < 3; guess++)
            {
                await guessed.PostLogInAsync($"guess {guess}").ProblemAsync("invalid_credentials");
            }
        }

        await bob.PostLogInAsync("guess 4").ProblemAsync("too_many_requests");
        await bob.PostLogInAsync().ProblemAsync("too_many_requests");
        await alice.SendChatAsync("bob", "not disturbed by who guesses");
        await new TestUser(project, "nobody", "x").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task Overload_MoreThanCanBeWorkedOn_Is503AtOnceAndTheOthersComplete()
    {
        var storage = new TaskCompletionSource();
        var held = new StorageFaults();
        await using var app = await VoxApp.StartAsync(
            backends, ["Limits:MaxConcurrentRequests=8"], builder => builder.Services.AddSingleton<HttpPipelinePolicy>(held));
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var session = await alice.LogInAsync();
        held.Hold = _ => storage.Task;

        var sends = Enumerable.Range(0, 20)
            .Select(n => session.PostAsync("/api/v1/messages", new { to = "bob", data = $"text {n}" })).ToList();
        var refused = await Task.WhenAny(sends);

        await refused.ProblemAsync("busy");
        Assert.NotNull((await refused).Headers.RetryAfter);
        await app.Http.GetAsync("/api/health/live").TextAsync();
        storage.SetResult();
        var answers = await Task.WhenAll(sends);
        Assert.Equal(8, answers.Count(answer => answer.IsSuccessStatusCode));
        Assert.Equal(12, answers.Count(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable));
        await session.GetConversationsAsync().TextAsync();
    }

    /// <summary>Sends until one is refused.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(Func<Task<HttpResponseMessage>> send)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => send()));
        Assert.All(answers, answer => Assert.True(
            answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.TooManyRequests, $"{answer.StatusCode}"));
        return answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
    }

    private static Task<HttpResponseMessage> FromAsync(VoxApp app, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        request.Headers.Add("X-Test-Client", address);
        return app.Http.SendAsync(request);
    }
}
