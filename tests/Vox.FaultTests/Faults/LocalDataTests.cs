using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.DevHost.DevTools;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>
/// The data that a developer's app keeps on this machine. Nothing that the app has acknowledged is lost, however it ends and however soon
/// it starts again.
/// </summary>
public sealed class LocalDataTests : IDisposable
{
    private const int Kills = 10;
    private const int Senders = 8;

    private readonly string data = Directory.CreateTempSubdirectory("vox-local-").FullName;
    private readonly string[] settings;
    private readonly ConcurrentDictionary<string, Sent> acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> unanswered = new();

    public LocalDataTests()
    {
        var azurite = FreePorts(3);
        settings =
        [
            $"VOX_PORT={FreePort.Find()}", $"VOX_SIGNALR_PORT={FreePort.Find()}", $"VOX_AZURITE_PORT={azurite}",
            "Limits:UserPerSecond=1000000", "Limits:UserBurst=1000000", "Security:PasswordIterations=1000",
            "Logging:LogLevel:Default=Error", "Logging:LogLevel:Microsoft=Error",
        ];
    }

    [Fact]
    public async Task DefaultStorage_AppKilledTenTimesUnderLoad_EveryAcknowledgedMessageIsThereOnce()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var app = await VoxProcess.StartByItselfAsync(data, settings);
            var alice = await LogInAsync(app);
            using var stop = new CancellationTokenSource();
            var senders = Enumerable.Range(0, Senders).Select(sender => SendAsync(app, alice, $"{kill}-{sender}", stop.Token)).ToArray();
            var enough = acknowledged.Count + Random.Shared.Next(50, 300);
            while (acknowledged.Count < enough && !Array.Exists(senders, sender => sender.IsFaulted))
            {
                await Task.Delay(10);
            }

            await app.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(senders);
        }

        await using var last = await VoxProcess.StartByItselfAsync(data, settings);
        var reader = await LogInAsync(last);
        await RepeatUnansweredAsync(last, reader);
        var stored = await StoredAsync(
            last, reader, acknowledged.Values.Select(sent => sent.Conversation).Distinct(StringComparer.Ordinal).Single());

        Assert.Equal(acknowledged.Keys.Order(StringComparer.Ordinal), stored.Select(message => message.Text).Order(StringComparer.Ordinal));
        Assert.All(stored, message => Assert.Equal(acknowledged[message.Text].Id, message.Id));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(i => (long)i), stored.Select(message => message.Sequence).Order());
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private async Task SendAsync(VoxProcess app, Wire alice, string prefix, CancellationToken stopped)
    {
        for (var i = 0; !stopped.IsCancellationRequested; i++)
        {
            var text = $"{prefix}-{i}";
            if (await alice.SendAsync(app.Http, "bob", text, text) is { } sent)
            {
                Assert.True(acknowledged.TryAdd(text, sent));
            }
            else
            {
                // The app was killed in the middle, so the message may be stored or not.
                unanswered.Enqueue(text);
                return;
            }
        }
    }

    // Sends again, like a client that is connected again.
    private async Task RepeatUnansweredAsync(VoxProcess app, Wire alice)
    {
        foreach (var text in unanswered)
        {
            acknowledged[text] = await alice.SendAsync(app.Http, "bob", text, text)
                ?? throw new InvalidOperationException($"{text} was not answered.");
        }
    }

    private static async Task<List<(string Id, string Text, long Sequence)>> StoredAsync(VoxProcess app, Wire alice, string conversation)
    {
        var stored = new List<(string, string, long)>();
        while (true)
        {
            var page = await alice.GetAsync(app.Http, $"/api/v1/messages?conversation={conversation}&size=1000&offset={stored.Count}");
            var messages = page.GetProperty("messages");
            stored.AddRange(messages.EnumerateArray().Select(message => (
                message.GetProperty("id").GetString()!, message.GetProperty("data").GetString()!,
                message.GetProperty("sequence").GetInt64())));
            if (messages.GetArrayLength() == 0)
            {
                return stored;
            }
        }
    }

    /// <summary>Alice of the demo project. The project has to be the same after every start.</summary>
    private async Task<Wire> LogInAsync(VoxProcess app)
    {
        var file = Path.Combine(data, "demo.json");
        // The app listens before it has made the project.
        for (var i = 0; i < 300 && !File.Exists(file); i++)
        {
            await Task.Delay(100);
        }

        var demo = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file));
        using var response = await app.Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = demo.GetProperty("projectId").GetString(), loginId = "alice", password = "alice-demo" });
        var session = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, session.ToString());
        return new Wire(session.GetProperty("accessToken").GetString()!);
    }

    private static int FreePorts(int count)
    {
        while (true)
        {
            var first = FreePort.Find();
            if (Enumerable.Range(first, count).All(FreePort.IsFree))
            {
                return first;
            }
        }
    }
}
