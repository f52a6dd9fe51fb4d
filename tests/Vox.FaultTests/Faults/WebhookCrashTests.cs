using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.ChatLogs;
using Vox.Chat.Events;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>
/// Each message that is stored has its event, and so has each edit, deletion, reaction and pin, whatever happens to the process that
/// stored it.
/// </summary>
public sealed class WebhookCrashTests(Backends backends)
{
    private const int Senders = 4;

    private static int Kills => TestRun.IsLong ? 20 : 3;

    private static int Messages => TestRun.IsLong ? 5_000 : 400;

    [Fact]
    public async Task MessagesAndChanges_WhileProcessesAreKilledAndTheEndpointFails_EachHasItsEventAtLeastOnce()
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
            var data = json.RootElement.GetProperty("data");
            var key = data.TryGetProperty("change", out var change)
                ? ChangeKey(data.GetProperty("conversation").GetString()!, change.GetInt64())
                : MessageKey(
                    data.GetProperty("message").GetProperty("conversation").GetString()!,
                    data.GetProperty("message").GetProperty("sequence").GetInt64());
            var id = context.Request.Headers["webhook-id"].ToString();
            if (events.GetOrAdd(key, id) != id)
            {
                Interlocked.Increment(ref unstable);
            }

            Interlocked.Increment(ref accepted);
            context.Response.StatusCode = 204;
        });
        // A long run takes longer than the default lifetime of a token.
        string[] settings = ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0", "Sessions:AccessMinutes=60"];
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, settings, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        await server.PostJsonAsync(
            "webhooks", new { url = endpoint.Address, events = (string[])[EventTypes.MessageSent, .. EventTypes.OfChanges] });
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
            for (var n = 0; n < Messages / Senders || Volatile.Read(ref killed) < Kills; n++)
            {
                Sent? sent;
                while ((sent = await pair.Wire.SendAsync(
                    Volatile.Read(ref mortal).Http, pair.Two.LoginId, $"{n}", $"s{sender}-{n}")) is null)
                {
                    await Task.Delay(20);
                }

                stored.TryAdd(MessageKey(sent.Conversation, sent.Sequence), true);
                foreach (var wanted in ChangesOf(n, sent.Sequence))
                {
                    long? number;
                    while ((number = await ChangeAsync(Volatile.Read(ref mortal).Http, pair.Wire, sent.Conversation, wanted)) is null)
                    {
                        await Task.Delay(20);
                    }

                    stored.TryAdd(ChangeKey(sent.Conversation, number.Value), true);
                }
            }
        })).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            // Spread over all that is sent, however long that takes.
            while (stored.Count < (kill + 1) * Messages / Kills && senders.TrueForAll(static sender => !sender.IsFaulted))
            {
                await Task.Delay(20);
            }

            await Task.Delay(random.Next(0, 1_000));
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
        var (messages, changes) = (0L, 0L);
        foreach (var pair in pairs)
        {
            // Also those whose answer was lost.
            var conversation = (await pair.One.ConversationOfAsync(pair.Two)).Id;
            var page = await pair.Wire.GetAsync(observer.Http, $"/api/v1/messages?conversation={conversation}&size=1");
            var (lastSequence, lastChange) = (page.GetProperty("lastSequence").GetInt64(), page.GetProperty("lastChange").GetInt64());
            (messages, changes) = (messages + lastSequence, changes + lastChange);
            foreach (var key in Numbers(lastSequence).Select(n => MessageKey(conversation, n))
                .Concat(Numbers(lastChange).Select(n => ChangeKey(conversation, n))))
            {
                stored.TryAdd(key, true);
            }
        }

        Assert.True(messages >= Messages);
        Assert.True(changes >= Messages / 2);
        Assert.Equal(messages + changes, stored.Count);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (stored.Keys.Any(key => !events.ContainsKey(key)) && !patience.IsCancellationRequested)
        {
            await Task.Delay(200);
        }

        var missing = stored.Keys.Where(key => !events.ContainsKey(key)).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{messages} messages, {changes} changes, {Kills} kills, {requests} requests, {accepted} accepted, {events.Count} events");
        Assert.Empty(missing);
        Assert.Equal(0, unstable);
        Assert.Equal(events.Count, events.Values.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>What is done to a message after it was sent: nothing to some, much to others.</summary>
    private static IEnumerable<Wanted> ChangesOf(int n, long sequence)
    {
        if (n % 3 == 0)
        {
            yield return new(HttpMethod.Patch, $"{sequence}", new { data = $"{n}, edited", clientChangeId = $"e{sequence}" });
        }

        if (n % 4 == 0)
        {
            yield return new(HttpMethod.Put, $"{sequence}/reactions", new { emoji = "👍", clientChangeId = $"r{sequence}" });
        }

        if (n % 5 == 0)
        {
            yield return new(HttpMethod.Delete, $"{sequence}?clientChangeId=d{sequence}", null);
        }
    }

    /// <returns>The number of the change; null when there was no answer, so that it has to be asked for again.</returns>
    private static async Task<long?> ChangeAsync(HttpClient through, Wire wire, string conversation, Wanted wanted)
    {
        using var request = new HttpRequestMessage(wanted.Method, $"/api/v1/conversations/{conversation}/messages/{wanted.Path}")
        {
            Content = wanted.Body is null ? null : JsonContent.Create(wanted.Body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", wire.AccessToken);
        try
        {
            using var response = await through.SendAsync(request);
            if ((int)response.StatusCode >= 500)
            {
                return null;
            }

            var json = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(response.IsSuccessStatusCode, json.ToString());
            return json.GetProperty("change").GetInt64();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static string MessageKey(string conversation, long sequence) => $"{conversation}|{sequence}";

    private static string ChangeKey(string conversation, long change) => $"{conversation}|change {change}";

    private static IEnumerable<long> Numbers(long last) => Enumerable.Range(1, (int)last).Select(static n => (long)n);

    private sealed record Wanted(HttpMethod Method, string Path, object? Body);
}
