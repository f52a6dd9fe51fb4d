using System.Collections.Concurrent;
using Vox.Chat.ChatLogs;
using Vox.Tests.Fixture;
using Vox.Tests.Search;

namespace Vox.Tests.Faults;

/// <summary>Every message that is stored is found, once, whatever happens to the process that stored it.</summary>
public sealed class SearchCrashTests(Backends backends)
{
    private static int Pairs => TestRun.IsLong ? 40 : 8;

    private static int Kills => TestRun.IsLong ? 12 : 3;

    [Fact]
    public async Task Messages_WhileProcessesAreKilled_EachIsFoundOnce()
    {
        var random = new DeterministicRandom(TestRun.Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"VOX_SEED={TestRun.Seed}");
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        await project.SwitchOnAsync();
        var pairs = new List<(TestUser One, TestUser Two, Wire Wire)>();
        for (var i = 0; i < Pairs; i++)
        {
            var (one, two) = (await project.CreateUserAsync($"one{i}"), await project.CreateUserAsync($"two{i}"));
            pairs.Add((one, two, new Wire((await one.LogInAsync()).AccessToken)));
        }

        var mortal = await VoxProcess.StartAsync(backends, prefix);
        var stored = new ConcurrentDictionary<string, ConcurrentBag<string>>(StringComparer.Ordinal);
        var killed = 0;
        var senders = pairs.Select(pair => Task.Run(async () =>
        {
            for (var n = 0; n < 20 || Volatile.Read(ref killed) < Kills; n++)
            {
                var text = $"common words of {pair.One.LoginId} number n{n}x";
                while (await pair.Wire.SendAsync(
                    Volatile.Read(ref mortal).Http, pair.Two.LoginId, text, $"{pair.One.LoginId}-{n}") is null)
                {
                    await Task.Delay(50);
                }

                stored.GetOrAdd(pair.One.LoginId, _ => []).Add(text);
            }
        })).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(300, 1_500));
            await mortal.KillAsync();
            var dead = mortal;
            Volatile.Write(ref mortal, await VoxProcess.StartAsync(backends, prefix));
            await dead.DisposeAsync();
            Interlocked.Increment(ref killed);
        }

        await Task.WhenAll(senders);
        await mortal.KillAsync();
        await mortal.DisposeAsync();

        // What the dead processes had stored and not indexed: this one finds it, because it has to complete the log.
        await observer.Get<ChatLogRepair>().RunAsync(CancellationToken.None);
        await project.IndexedAsync();
        foreach (var (one, two, _) in pairs)
        {
            // One by one as well: of a word that nobody else has, the index must have a row.
            var expected = stored[one.LoginId].Order(StringComparer.Ordinal).ToList();
            var reader = await two.LogInAsync();
            Assert.Equal(expected, (await reader.FindAsync("common words", 50)).Order(StringComparer.Ordinal));
            foreach (var text in expected.Where((_, i) => i % 7 == 0))
            {
                Assert.Equal([text], await reader.FindAsync(text[(text.LastIndexOf(' ') + 1)..]));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{stored.Values.Sum(texts => texts.Count)} messages, {Kills + 1} kills");
    }
}
