using System.Collections.Concurrent;
using System.Diagnostics;
using Vox.Chat.Model;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

public sealed class CrashTests(Backends backends)
{
    private const int Pairs = 4;
    private const int SendersPerPair = 3;

    private static int Kills => TestRun.IsLong ? 60 : 5;

    [Fact]
    [Promise("VOX-M1", "VOX-R1")]
    public async Task SendMessage_ProcessKilledAgainAndAgain_NothingAcknowledgedIsLostAndNothingIsThere_Twice()
    {
        var random = new DeterministicRandom(TestRun.Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"VOX_SEED={TestRun.Seed}");
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var pairs = new List<(TestUser One, TestUser Two, Wire Wire, ConversationKey Key)>();
        for (var i = 0; i < Pairs; i++)
        {
            var (one, two) = (await project.CreateUserAsync($"one{i}"), await project.CreateUserAsync($"two{i}"));
            pairs.Add((one, two, new Wire((await one.LogInAsync()).AccessToken), await one.ConversationOfAsync(two)));
        }

        await using var lasting = await VoxProcess.StartAsync(backends, prefix);
        var mortal = await VoxProcess.StartAsync(backends, prefix);
        using var done = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<(string Conversation, string Id), long>();
        var (unanswered, givenUp) = (0, 0);
        var senders = Enumerable.Range(0, Pairs * SendersPerPair).Select(sender => Task.Run(async () =>
        {
            var pair = pairs[sender % Pairs];
            for (var n = 0; !done.IsCancellationRequested; n++)
            {
                var id = $"s{sender}-{n}";
                while (!done.IsCancellationRequested)
                {
                    var through = Random.Shared.Next(3) == 0 ? lasting : Volatile.Read(ref mortal);
                    if (await pair.Wire.SendAsync(through.Http, pair.Two.LoginId, "text of " + id, id) is { } sent)
                    {
                        acknowledged[(pair.Key.Id, id)] = sent.Sequence;
                        break;
                    }

                    // Most messages are sent again until they are answered. Some are never sent again, and may be there or not.
                    Interlocked.Increment(ref unanswered);
                    if (Random.Shared.Next(5) == 0)
                    {
                        Interlocked.Increment(ref givenUp);
                        break;
                    }

                    await Task.Delay(20);
                }
            }
        })).ToList();

        var watch = Stopwatch.StartNew();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(100, 1_500));
            await mortal.KillAsync();
            var dead = mortal;
            Volatile.Write(ref mortal, await VoxProcess.StartAsync(backends, prefix));
            await dead.DisposeAsync();

            // The first read of the history completes the log of the dead processes, while the others keep writing.
            await ReadHistoryAsync(mortal, project);
        }

        await Task.Delay(300);
        await done.CancelAsync();
        await Task.WhenAll(senders);
        await mortal.KillAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Kills + 1} kills in {watch.Elapsed.TotalSeconds:F1} s: {acknowledged.Count} acknowledged, {unanswered} unanswered, "
            + $"{givenUp} of them not sent again");

        await using var restarted = await VoxProcess.StartAsync(backends, prefix);
        await ReadHistoryAsync(restarted, project);
        var stored = new List<(ConversationKey Key, Message Message)>();
        foreach (var (_, _, _, key) in pairs)
        {
            stored.AddRange((await observer.ReadConversationAsync(key)).Select(message => (key, message)));
        }

        var sequences = stored.ToDictionary(m => (m.Key.Id, m.Message.Id), m => m.Message.Sequence);
        Assert.All(acknowledged, ack => Assert.Equal(ack.Value, sequences[ack.Key]));
        Assert.InRange(stored.Count, acknowledged.Count, acknowledged.Count + unanswered);
        await observer.AssertLogIsAsync(project.Id, stored);
    }

    private static async Task ReadHistoryAsync(VoxProcess process, TestProject project)
    {
        using var response = await process.Http.GetAsync(
            $"/api/getchathistory?projectid={project.Id}&authtoken={project.Token}&offset=0&size=1");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
