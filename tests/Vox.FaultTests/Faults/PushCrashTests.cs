using System.Collections.Concurrent;
using Vox.Chat.ChatLogs;
using Vox.Tests.Fixture;
using Vox.Tests.Push;

namespace Vox.Tests.Faults;

/// <summary>Who was away is told of what was stored, whatever happens to the process that stored it.</summary>
public sealed class PushCrashTests(Backends backends)
{
    private static int Pairs => TestRun.IsLong ? 200 : 40;

    private static int Kills => TestRun.IsLong ? 10 : 3;

    /// <summary>Of each pair, at least.</summary>
    private const int Messages = 10;

    [Fact]
    public async Task Messages_WhileProcessesAreKilled_EachDeviceIsToldOfItsNewestAndDuplicatesCollapse()
    {
        var random = new DeterministicRandom(TestRun.Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"VOX_SEED={TestRun.Seed}");
        await using var station = await PushStation.StartAsync();
        var settings = station.Settings.ToArray();
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, settings, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        await station.GiveKeysAsync(observer, project.Id);
        var pairs = new List<(TestUser One, TestUser Two, Wire Wire)>();
        for (var i = 0; i < Pairs; i++)
        {
            var (one, two) = (await project.CreateUserAsync($"one{i}"), await project.CreateUserAsync($"two{i}"));
            await (await two.LogInAsync()).PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = two.LoginId });
            pairs.Add((one, two, new Wire((await one.LogInAsync()).AccessToken)));
        }

        var mortal = await VoxProcess.StartAsync(backends, prefix, settings);
        var newest = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var (killed, stored) = (0, 0);
        var senders = pairs.Select(pair => Task.Run(async () =>
        {
            for (var n = 0; n < Messages || Volatile.Read(ref killed) < Kills; n++)
            {
                Sent? sent;
                while ((sent = await pair.Wire.SendAsync(
                    Volatile.Read(ref mortal).Http, pair.Two.LoginId, $"{n}", $"{pair.One.LoginId}-{n}")) is null)
                {
                    await Task.Delay(50);
                }

                Interlocked.Increment(ref stored);
                newest.AddOrUpdate(pair.Two.LoginId, sent.Sequence, (_, before) => Math.Max(before, sent.Sequence));
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

        // What the dead processes had stored and not told of: this one finds it, because it has to complete the log.
        await observer.Get<ChatLogRepair>().RunAsync(CancellationToken.None);
        await observer.SettleAsync(project.Id);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (Missing().Count > 0 && !patience.IsCancellationRequested)
        {
            await Task.Delay(200);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{stored} messages, {Kills + 1} kills, {station.Taken.Count} pushes, {Told().DistinctBy(told => told.Id).Count()} different");
        Assert.Empty(Missing());
        Assert.Empty(station.Refused);
        // One tag for each device, one id for each message: whatever came twice is shown once.
        Assert.All(Told().GroupBy(told => told.Token), told => Assert.Single(told.Select(one => one.Tag).Distinct()));
        Assert.All(Told().GroupBy(told => (told.Token, told.Sequence)), told => Assert.Single(told.Select(one => one.Id).Distinct()));

        List<string> Missing()
        {
            var told = Told().GroupBy(one => one.Token).ToDictionary(one => one.Key, one => one.Max(push => push.Sequence));
            return [.. newest.Where(pair => told.GetValueOrDefault(pair.Key) < pair.Value).Select(pair => pair.Key)];
        }

        IEnumerable<(string Token, long Sequence, string Id, string Tag)> Told() => station.Taken.Select(pushed =>
        {
            var message = pushed.Json.GetProperty("message");
            var data = message.GetProperty("data");
            return (
                message.GetProperty("token").GetString()!,
                long.Parse(data.GetProperty("sequence").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
                data.GetProperty("id").GetString()!,
                message.GetProperty("android").GetProperty("notification").GetProperty("tag").GetString()!);
        });
    }
}
