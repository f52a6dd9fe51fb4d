using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Protection;
using Vox.Chat.ServerApi;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class IdempotencyTests(Backends backends)
{
    [Fact]
    public async Task Post_RepeatedWithTheSameKey_IsDoneOnceAndAnsweredAlike()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        var body = new { users = new[] { new { id = "alice" } } };
        var first = await server.PostJsonAsync("users", body, "k1");

        using var again = await server.PostAsync("users", body, "k1");

        Assert.Equal(first.GetRawText(), await again.Content.ReadAsStringAsync());
        Assert.Equal("application/json", again.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal("[]", (await server.PostJsonAsync("users", body, "k2")).GetProperty("created").GetRawText());
        Assert.Equal("[]", (await server.PostJsonAsync("users", body)).GetProperty("created").GetRawText());
    }

    [Fact]
    public async Task Post_RepeatedAfterAnErasure_IsStillDoneOnceButTheAnswerIsGone()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var project = await app.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        var body = new { users = new[] { new { id = "alice-in-an-answer" } } };
        await server.PostJsonAsync("users", body, "k1");

        foreach (var step in app.Services.GetServices<IErasureStep>())
        {
            await step.EraseUserAsync(project.Id, "alice-in-an-answer", "erased-1", TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(
            await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, ["alice-in-an-answer"]),
            place => place.StartsWith("table idempotency:", StringComparison.Ordinal));
        using var again = await server.PostAsync("users", body, "k1");
        Assert.Equal("""{"erased":true}""", await again.Content.ReadAsStringAsync());
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Post_SameKeyForAnotherRequest_Is422()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob");
        await server.PostJsonAsync("users/alice/disable", idempotencyKey: "k1");

        await server.PostAsync("users/bob/disable", idempotencyKey: "k1").ProblemAsync("idempotency_key_reused", "Idempotency-Key");
        await server.PostAsync("users", new { users = new[] { new { id = "x" } } }, "k1").ProblemAsync("idempotency_key_reused");

        Assert.False((await server.GetJsonAsync("users/bob")).GetProperty("disabled").GetBoolean());
        // Another project's keys are its own.
        var other = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await other.PostJsonAsync("users", new { users = new[] { new { id = "x" } } }, "k1");
    }

    [Fact]
    public async Task Post_ThatFailed_IsDoneWhenItIsRepeated()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.PostAsync("users/alice/disable", idempotencyKey: "k1").ProblemAsync("user_not_found");
        await server.UpsertAsync("alice");

        Assert.True((await server.PostJsonAsync("users/alice/disable", idempotencyKey: "k1")).GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task Post_TwiceAtOnceOnTwoInstances_IsDoneOnce()
    {
        await using var one = await VoxApp.StartAsync(backends);
        await using var two = await VoxApp.StartAsync(backends, tablePrefix: one.TablePrefix);
        var server = await (await one.CreateProjectAsync()).CreateServerAsync();
        for (var round = 0; round < 10; round++)
        {
            var body = new { users = new[] { new { id = $"user{round}" } } };

            var answers = await Task.WhenAll(((VoxApp[])[one, two, one, two]).Select(async app =>
            {
                using var response = await server.PostAsync("users", body, $"k{round}", app);
                return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
            }));

            var done = answers.Where(answer => answer.StatusCode == HttpStatusCode.OK).ToList();
            Assert.All(answers.Except(done), answer =>
            {
                Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                Assert.Contains("request_in_progress", answer.Text, StringComparison.Ordinal);
            });
            // All who were answered were told that the user was created: the work was done once.
            var text = Assert.Single(done.Select(answer => answer.Text).Distinct());
            Assert.Contains($"\"created\":[\"user{round}\"]", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Key_AcrossMidnight_IsRememberedFor24HoursAndThenFree()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 23, 58, 0, TimeSpan.Zero));
        var idempotency = New(clock, out _);
        var project = "pid_" + Guid.NewGuid().ToString("N");
        Assert.Equal(("1", false), await RunAsync(idempotency, project, "1"));

        foreach (var hours in (double[])[0.1, 12, 11.8])
        {
            clock.Advance(TimeSpan.FromHours(hours));
            Assert.Equal(("1", true), await RunAsync(idempotency, project, "2"));
        }

        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(("3", false), await RunAsync(idempotency, project, "3"));
    }

    [Fact]
    public async Task Key_WhoseWorkerEnded_IsTakenOverAfterAWhile()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var idempotency = New(clock, out _);
        var project = "pid_" + Guid.NewGuid().ToString("N");
        var never = new TaskCompletionSource<KeyedAnswer>();
        var began = new TaskCompletionSource();
        _ = idempotency.RunAsync(
            project, "key", "f", () =>
            {
                began.SetResult();
                return never.Task;
            },
            CancellationToken.None);
        await began.Task;
        var refused = await Assert.ThrowsAsync<Platform.ErrorCatalogue.VoxException>(() => RunAsync(idempotency, project, "2", "other"));
        Assert.Equal("idempotency_key_reused", refused.Error.Code);
        refused = await Assert.ThrowsAsync<Platform.ErrorCatalogue.VoxException>(() => RunAsync(idempotency, project, "2"));
        Assert.Equal("request_in_progress", refused.Error.Code);

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(("3", false), await RunAsync(idempotency, project, "3"));
        Assert.Equal(("3", true), await RunAsync(idempotency, project, "4"));
    }

    [Fact]
    public async Task Sweep_AfterTwoDays_LeavesNothingOfThatDay()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var idempotency = New(clock, out var app);
        var project = "pid_" + Guid.NewGuid().ToString("N");
        for (var i = 0; i < 5; i++)
        {
            await RunAsync(idempotency, project, "1", key: $"key{i}");
        }

        clock.Advance(TimeSpan.FromHours(30));
        await RunAsync(idempotency, project, "1", key: "young");
        await idempotency.SweepAsync(CancellationToken.None);
        Assert.Equal(6, await CountAsync());
        clock.Advance(TimeSpan.FromHours(7));
        await idempotency.SweepAsync(CancellationToken.None);
        Assert.Equal(1, await CountAsync());

        async Task<int> CountAsync() => (await app.Get<StorageClients>().Table("idempotency").QueryAsync(
            $"PartitionKey ge {project} and PartitionKey lt {project + "}"}", 100, CancellationToken.None)).Count;
    }

    [Theory]
    [InlineData(256, "too_long")]
    [InlineData(0, "invalid_field")]
    public async Task Key_NotGood_IsRefused(int length, string code)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        var key = length > 0 ? new string('k', length) : "a\tb";

        await server.PostAsync("users", new { users = new[] { new { id = "x" } } }, key).ProblemAsync(code, "Idempotency-Key");
    }

    private IdempotencyService New(TimeProvider clock, out VoxApp app)
    {
        app = backends.App;
        return new IdempotencyService(
            app.Get<IdempotencyStore>(), app.Get<Platform.Timers.TimerRuns>(), clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<IdempotencyService>.Instance);
    }

    private static async Task<(string Answer, bool Repeated)> RunAsync(
        IdempotencyService idempotency, string project, string answer, string fingerprint = "f", string key = "key")
    {
        var (given, repeated) = await idempotency.RunAsync(
            project, key, fingerprint, () => Task.FromResult(new KeyedAnswer(200, System.Text.Encoding.UTF8.GetBytes(answer))),
            CancellationToken.None);
        return (System.Text.Encoding.UTF8.GetString(given.Body.Span), repeated);
    }
}
