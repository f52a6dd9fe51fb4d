using Microsoft.Extensions.Time.Testing;
using Vox.Chat.People;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>Events that claim to come from the SignalR service: forged, twice, in the wrong order.</summary>
public sealed class UpstreamTests(Backends backends) : IAsyncLifetime
{
    private OwnSignalR signalR = null!;

    public async ValueTask InitializeAsync()
    {
        signalR = await OwnSignalR.StartAsync();
        signalR.TakeEveryConnection();
    }

    public ValueTask DisposeAsync() => signalR.DisposeAsync();

    [Theory]
    [InlineData(null, "right", 401)]
    [InlineData("wrong", "right", 401)]
    [InlineData(ServiceEvents.Code, null, 401)]
    [InlineData(ServiceEvents.Code, "", 401)]
    [InlineData(ServiceEvents.Code, "sha256=00", 401)]
    [InlineData(ServiceEvents.Code, "of another connection", 401)]
    [InlineData(ServiceEvents.Code, "by another key", 401)]
    [InlineData(ServiceEvents.Code, "right", 200)]
    [Promise("VOX-P3")]
    public async Task Event_CodeOrSignatureMissingOrWrong_IsRefusedAndChangesNothing(string? code, string? signature, int status)
    {
        await using var app = await VoxApp.StartAsync(backends, [signalR.Setting]);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        var forged = signature switch
        {
            "right" => ServiceEvents.Sign("c1", SignalREmulatorOptions.DevelopmentKey),
            "of another connection" => ServiceEvents.Sign("c2", SignalREmulatorOptions.DevelopmentKey),
            "by another key" => ServiceEvents.Sign("c1", new string('k', 44)),
            var other => other,
        };

        Assert.Equal(status, await ServiceEvents.PostAsync(alice, "c1", "connected", code, forged));

        Assert.Equal(status == 200, await IsOnlineAsync(alice));
    }

    [Fact]
    [Promise("VOX-P1")]
    public async Task Events_TwiceAndInAnyOrder_EndWithWhoIsConnectedOnline()
    {
        var random = TestRun.Random();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(
            backends, clock, "Presence:LeaseSeconds=60", signalR.Setting);
        var user = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        for (var round = 0; round < (TestRun.IsLong ? 200 : 10); round++)
        {
            var alice = await user.LogInAsync();

            // All connections began, and most of them ended. The service may repeat, reorder and lose events.
            var connections = Enumerable.Range(0, random.Next(1, 5)).Select(n => (Id: $"r{round}-c{n}", Ended: random.OneIn(2))).ToList();
            var events = connections.SelectMany(
                c => c.Ended ? new[] { (c.Id, "connected"), (c.Id, "disconnected") } : [(c.Id, "connected")])
                .SelectMany(e => Enumerable.Repeat(e, random.Next(0, 3))).OrderBy(_ => random.Next(0, 1_000_000)).ToList();
            await Task.WhenAll(events.Select(e => ServiceEvents.PostSignedAsync(alice, e.Id, e.Item2)));

            // Clients that are connected send signs of life, and the others do not. After a lease nothing else counts.
            clock.Advance(TimeSpan.FromSeconds(61));
            foreach (var (id, _) in connections.Where(c => !c.Ended))
            {
                await app.Get<PresenceService>().RenewAsync(alice.Identity, "", id, CancellationToken.None);
            }

            await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);
            Assert.Equal(connections.Exists(c => !c.Ended), await IsOnlineAsync(alice));
            clock.Advance(TimeSpan.FromSeconds(61));
            await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);
            Assert.False(await IsOnlineAsync(alice));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("nobody")]
    [InlineData("pid_0:a")]
    [InlineData("x' or PartitionKey ne '")]
    [InlineData("pid_00000000_0000_0000_0000_000000000000:aalice")]
    public async Task Event_OfAUserThatIsNone_IsRefusedAndChangesNothing(string userId)
    {
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        var signature = ServiceEvents.Sign("c1", SignalREmulatorOptions.DevelopmentKey);
        Assert.Equal(403, await ServiceEvents.PostAsync(alice, "c1", "connected", ServiceEvents.Code, signature, userId));

        Assert.False(await IsOnlineAsync(alice));
    }

    private static Task<bool> IsOnlineAsync(TestSession user) =>
        user.App.Get<PresenceStore>().IsOnlineAsync(user.Identity, CancellationToken.None);
}
