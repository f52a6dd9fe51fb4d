using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Vox.Chat.Realtime;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

/// <summary>Whatever the live service does, a send never fails because of it and is never held up.</summary>
public sealed class PushFailureTests(Backends backends) : IAsyncLifetime
{
    /// <summary>A send does not wait for any push. This is the time that a loaded machine may need for the rest.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private SignalREmulator service = null!;
    private VoxApp app = null!;
    private TestProject project = null!;
    private TestUser alice = null!;
    private bool gone;

    public async ValueTask InitializeAsync()
    {
        // A service of its own, so that its failures do not disturb other tests.
        service = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        app = await VoxApp.StartAsync(backends, ["AzureSignalRConnectionString=" + service.ConnectionString]);
        project = await app.CreateProjectAsync();
        alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "warm");
        await app.SettleAsync(project.Id);
    }

    public async ValueTask DisposeAsync()
    {
        service.Intercept = null;
        await app.DisposeAsync();
        if (!gone)
        {
            await service.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task SendChat_ServiceAnswersAnError_SucceedsInTimeAndIsInHistory(int status)
    {
        var failed = app.Get<SignalRServices>().Failed;
        service.Intercept = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };

        await AssertSentAsync($"despite {status}");

        await app.SettleAsync(project.Id);
        Assert.Equal(failed + 2, app.Get<SignalRServices>().Failed);
    }

    [Fact]
    [Promise("VOX-D1")]
    public async Task SendChat_ServiceHangs_SucceedsInTimeAndIsInHistory()
    {
        var called = new TaskCompletionSource();
        service.Intercept = async context =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };

        await AssertSentAsync("despite the hang");

        await called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        // The pushes end because of their own time limit, not because of this test's.
        await app.SettleAsync(project.Id).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task SendChat_ServiceIsGone_SucceedsInTimeAndIsInHistory()
    {
        await service.DisposeAsync();
        gone = true;

        await AssertSentAsync("despite the outage");
    }

    [Fact]
    public async Task SendChat_ServiceFailsOnce_IsTriedAgainAndArrives()
    {
        await using var live = await (await new TestUser(project, "bob", "secret").LogInAsync()).ConnectAsync();
        var failures = 0;
        service.Intercept = context =>
        {
            var fail = Interlocked.Increment(ref failures) <= 2;
            context.Response.StatusCode = 503;
            if (!fail)
            {
                context.Response.StatusCode = 200;
            }

            return Task.FromResult(fail);
        };

        await AssertSentAsync("at the second try");

        Assert.Equal("at the second try", (await live.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task SendChat_TooManyPushesUnderWay_DropsPushesNotMessages()
    {
        await using var small = await VoxApp.StartAsync(
            backends,
            ["AzureSignalRConnectionString=" + service.ConnectionString, "Realtime:MaxPushes=100", "Realtime:PushMilliseconds=10000"],
            tablePrefix: app.TablePrefix);
        using var release = new CancellationTokenSource();
        service.Intercept = async context =>
        {
            await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, release.Token).Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        };

        foreach (var part in Enumerable.Range(0, 60).Chunk(20))
        {
            await Task.WhenAll(part.Select(i => alice.PostChatAsync("bob", $"{i}", through: small).TextAsync()));
        }

        Assert.Equal(20, small.Get<Pusher>().Dropped);
        await release.CancelAsync();
        await small.SettleAsync(project.Id);
        Assert.Equal(61, (await project.HistoryAsync(size: 100)).Count);
    }

    [Fact]
    public async Task SendChat_NoServiceConfigured_Succeeds()
    {
        // A blank setting would start an emulator. A wrong address has the same effect as no service.
        await using var alone = await VoxApp.StartAsync(
            backends, ["AzureSignalRConnectionString=Endpoint=http://127.0.0.1;Port=9;AccessKey=none0000000000000000000000000000000;"],
            tablePrefix: app.TablePrefix);

        await alice.PostChatAsync("bob", "unheard", through: alone).TextAsync();
    }

    [Fact]
    public async Task DeleteUser_ServiceIsDown_Succeeds()
    {
        service.Intercept = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };

        await project.DeleteUserAsync("bob").TextAsync();

        await new TestUser(project, "bob", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    private async Task AssertSentAsync(string message)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await alice.PostChatAsync("bob", message).JsonAsync();
        var took = Stopwatch.GetElapsedTime(began);

        Assert.Equal("Success", answer.GetProperty("status").GetString());
        Assert.True(took < Budget, $"The send took {took}.");
        Assert.Equal(message, (await project.HistoryAsync(size: 1))[0].Data);
    }
}
