using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

public sealed class TwoProcessTests(Backends backends)
{
    private const int Senders = 16;
    private const int PerSender = 125;

    [Fact]
    [Promise("VOX-M2")]
    public async Task SendMessage_SixteenSendersThroughTwoProcesses_EachStoredOnceInOneSequence()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var wires = new[] { new Wire((await alice.LogInAsync()).AccessToken), new Wire((await bob.LogInAsync()).AccessToken) };
        await using var one = await VoxProcess.StartAsync(backends, prefix);
        await using var two = await VoxProcess.StartAsync(backends, prefix);
        var processes = new[] { one.Http, two.Http };

        var firsts = new ConcurrentDictionary<string, Sent>();
        var retries = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var (wire, to, here, there) = (
                wires[sender % 2], sender % 2 == 0 ? "bob" : "alice", processes[sender / 2 % 2], processes[(sender / 2 % 2) ^ 1]);
            for (var n = 0; n < PerSender; n++)
            {
                var id = $"s{sender}-{n}";
                var again = Random.Shared.Next(20);

                // One message in twenty is sent through both processes at the same time, and one in twenty is sent again after its answer.
                var twin = again == 0 ? wire.SendAsync(there, to, "text of " + id, id) : null;
                var sent = await wire.SendAsync(here, to, "text of " + id, id);
                var second = again switch
                {
                    0 => await twin!,
                    1 => await wire.SendAsync(Random.Shared.Next(2) == 0 ? here : there, to, "another text", id),
                    _ => null,
                };
                Assert.NotNull(sent);
                firsts[id] = sent;
                if (again < 2)
                {
                    Interlocked.Increment(ref retries);
                    Assert.Equal((sent.Id, sent.Sequence), (second!.Id, second.Sequence));
                    Assert.Single(new[] { sent, second }, answer => !answer.Duplicate);
                }
            }
        })));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{firsts.Count} messages, {retries} retries in {watch.Elapsed.TotalSeconds:F1} s "
            + $"({firsts.Count / watch.Elapsed.TotalSeconds:F0}/s)");

        // What was acknowledged, what is stored and what both processes show are the same.
        var key = await alice.ConversationOfAsync(bob);
        var messages = await observer.ReadConversationAsync(key);
        Assert.Equal(Senders * PerSender, messages.Count);
        Assert.All(
            messages,
            message => Assert.Equal((firsts[message.Id].Sequence, "text of " + message.Id), (message.Sequence, message.Draft.Data)));
        await observer.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)));
        foreach (var process in processes)
        {
            for (var page = 0; page < 8; page++)
            {
                var json = await wires[0].GetAsync(process, $"/api/v1/messages?with=bob&offset={page * 250}&size=250");
                Assert.Equal(messages.Count, json.GetProperty("lastSequence").GetInt64());
                Assert.Equal(
                    Enumerable.Range(0, 250).Select(n => (long)(messages.Count - (page * 250) - n)),
                    json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64()));
            }

            var rows = new List<string>();
            for (var offset = 0; offset < messages.Count; offset += 500)
            {
                var json = await process.GetFromJsonAsync<JsonElement>(
                    $"/api/getchathistory?projectid={project.Id}&authtoken={project.Token}&offset={offset}&size=500");
                rows.AddRange(
                    json.GetProperty("data").GetProperty("message").EnumerateArray().Select(row => row.GetProperty("data").GetString()!));
            }

            Assert.Equal(messages.Select(message => message.Draft.Data).Order(), rows.Order());
        }
    }
}
