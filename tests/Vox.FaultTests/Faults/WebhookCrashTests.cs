using System.Collections.Concurrent;
using System.Text.Json;
using Vox.Chat.ChatLogs;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>Each message that is stored has its event, whatever happens to the process that stored it.</summary>
public sealed class WebhookCrashTests(Backends backends)
{
    private const int Senders = 4;

    private static int Kills => TestRun.IsLong ? 20 : 3;

    private static int Messages => TestRun.IsLong ? 5_000 : 400;

    [Fact]
    public async Task Messages_WhileProcessesAreKilledAndTheEndpointFails_EachHasItsEventAtLeastOnce()
    {
        var random = new DeterministicRandom(TestRun.Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"VOX_SEED={TestRun.Seed}");
        var events = new ConcurrentDictionary<string, string>();
        var (requests, accepted, unstable) = (0, 0, 0);
        await using var endpoint = await OutsideService.StartAsync(async context =>
        {
            // A third of all requests, whichever they are.
            if (Interlocked.Increment(ref requests) % 3 == 0)
            {
                context.Response.StatusCode = 500;
                return;
            }

            var json = await JsonDocument.ParseAsync(context.Request.Body);
            var message = json.RootElement.GetProperty("data").GetProperty("message");
            var key = $"{message.GetProperty("conversation").GetString()}|{message.GetProperty("sequence").GetInt64()}";
            var id = context.Request.Headers["webhook-id"].ToString();
            if (events.GetOrAdd(key, id) != id)
            {
                Interlocked.Increment(ref unstable);
            }

            Interlocked.Increment(ref accepted);
            context.Response.StatusCode = 204;
        });
        string[] settings = ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0"];
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, settings, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        await server.PostJsonAsync("webhooks", new { url = endpoint.Address, events = new[] { "message.sent" } });
        var pairs = new List<(TestUser One, TestUser Two, Wire Wire)>();
        for (var i = 0; i < Senders; i++)
        {
            var (one, two) = (await project.CreateUserAsync($"one{i}"), await project.CreateUserAsync($"two{i}"));
            pairs.Add((one, two, new Wire((await one.LogInAsync()).AccessToken)));
        }

        var mortal = await VoxProcess.StartAsync(backends, prefix, settings);
        var stored = new ConcurrentDictionary<string, bool>();
        var killed = 0;
        var senders = pairs.Select((pair, sender) => Task.Run(async () =>
        {
            var key = (await pair.One.ConversationOfAsync(pair.Two)).Id;
            for (var n = 0; n < Messages / Senders || Volatile.Read(ref killed) < Kills; n++)
            {
                Sent? sent;
                while ((sent = await pair.Wire.SendAsync(
                    Volatile.Read(ref mortal).Http, pair.Two.LoginId, $"{n}", $"s{sender}-{n}")) is null)
                {
                    await Task.Delay(20);
                }

                stored.TryAdd($"{key}|{sent.Sequence}", true);
            }
        })).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(300, 2_000));
            await mortal.KillAsync();
            var dead = mortal;
            Volatile.Write(ref mortal, await VoxProcess.StartAsync(backends, prefix, settings));
            await dead.DisposeAsync();
            Interlocked.Increment(ref killed);
        }

        await Task.WhenAll(senders);
        await mortal.KillAsync();
        await mortal.DisposeAsync();

        // The messages that the dead processes had stored and not told of: this one finds them, because it has to complete the log.
        await observer.Get<ChatLogRepair>().RunAsync(CancellationToken.None);
        await observer.SettleAsync(project.Id);
        Assert.True(stored.Count >= Messages);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (stored.Keys.Any(key => !events.ContainsKey(key)) && !patience.IsCancellationRequested)
        {
            await Task.Delay(200);
        }

        var missing = stored.Keys.Where(key => !events.ContainsKey(key)).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{stored.Count} messages, {Kills} kills, {requests} requests, {accepted} accepted, {events.Count} events");
        Assert.Empty(missing);
        Assert.Equal(0, unstable);
        Assert.Equal(events.Count, events.Values.Distinct(StringComparer.Ordinal).Count());
    }
}
