using System.Collections.Concurrent;
using System.Text.Json;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>Changes of messages while a cluster breaks, and what must be true of them afterwards.</summary>
internal sealed partial class Load
{
    private readonly ConcurrentDictionary<(string Conversation, string Id), bool> edits = new();
    private readonly ConcurrentDictionary<(string Conversation, string Id), bool> deletions = new();
    private readonly ConcurrentDictionary<(string Conversation, string Id), bool> reactions = new();

    /// <summary>Whoever sent a message edits it, reacts to it or deletes it. True in the tables: the change was acknowledged.</summary>
    private async Task ChangeAsync(TestSession session, string conversation, string id, long sequence)
    {
        var path = $"/api/v1/conversations/{conversation}/messages/{sequence}";
        if (Random.Shared.Next(3) == 0)
        {
            var body = new { data = $"text of {id}, edited", clientChangeId = "e" + id };
            edits[(conversation, id)] = await InsistAsync(session, HttpMethod.Patch, path, body);
        }

        if (Random.Shared.Next(3) == 0)
        {
            reactions[(conversation, id)] = await InsistAsync(session, HttpMethod.Put, path + "/reactions", new { emoji = "👍" });
        }

        if (Random.Shared.Next(8) == 0)
        {
            deletions[(conversation, id)] = await InsistAsync(session, HttpMethod.Delete, path, null);
        }
    }

    /// <returns>False when it was given up, and nobody knows.</returns>
    private async Task<bool> InsistAsync(TestSession session, HttpMethod method, string path, object? body)
    {
        for (var attempt = 0; attempt < 20 && !done.IsCancellationRequested; attempt++)
        {
            using var response = await TryAsync(session, method, path, body);
            if (response is { IsSuccessStatusCode: true })
            {
                return true;
            }

            Assert.True(response is null || (int)response.StatusCode >= 500, $"{method} {path}: {response?.StatusCode}");
            await Task.Delay(Random.Shared.Next(10, 60));
        }

        return false;
    }

    /// <summary>What was acknowledged is so, and what nobody asked for is not.</summary>
    private void AssertState(string conversation, Message message)
    {
        var key = (conversation, message.Id);
        var isDeleted = message.State.DeletedAt > 0;
        Assert.True(deletions.TryGetValue(key, out var wasDeleted) ? isDeleted || !wasDeleted : !isDeleted, message.Id);
        if (isDeleted)
        {
            Assert.Equal("", message.Draft.Data);
            return;
        }

        var isEdited = message.State.EditedAt > 0;
        Assert.Equal($"text of {message.Id}{(isEdited ? ", edited" : "")}", message.Draft.Data);
        Assert.True(edits.TryGetValue(key, out var wasEdited) ? isEdited || !wasEdited : !isEdited, message.Id);
        var hasReaction = message.State.Reactions is [{ Emoji: "👍", Count: 1 }];
        Assert.True(reactions.TryGetValue(key, out var reacted) ? hasReaction || !reacted : !hasReaction, message.Id);
    }

    /// <summary>
    /// Changes are numbered without gaps, each touched its message, and every device that asks for them ends in the same.
    /// </summary>
    private async Task ChangesAgreeAsync(List<(ConversationKey Key, Message Message)> stored)
    {
        foreach (var conversation in stored.GroupBy(m => m.Key, m => m.Message))
        {
            var head = (await Observer.Get<ConversationStore>().FindHeadAsync(conversation.Key, CancellationToken.None))!;
            var made = new List<MessageChange>();
            for (var first = 1L; first <= head.LastChange; first += 1_000)
            {
                made.AddRange(await Observer.Get<ChangeStore>().ReadRangeAsync(
                    conversation.Key, first, Math.Min(head.LastChange, first + 999), CancellationToken.None));
            }

            Assert.Equal(Enumerable.Range(1, (int)head.LastChange).Select(n => (long)n), made.Select(change => change.Number));
            var last = made.GroupBy(change => change.Sequence).ToDictionary(of => of.Key, of => of.Max(change => change.Number));
            Assert.All(conversation, message => Assert.Equal(last.GetValueOrDefault(message.Sequence), message.State.Change));

            // No change was made twice.
            Assert.Distinct(made.Select(change => (change.Sequence, change.Kind)));
            var expected = conversation.Where(message => message.State.Change > 0).OrderBy(message => message.Sequence)
                .Select(message => $"{message.Sequence} {message.State.Change} {message.Draft.Data}");
            foreach (var from in talks.Where(talk => talk.Key == conversation.Key).Select(talk => talk.From).Distinct())
            {
                Assert.Equal(expected, await CatchUpAsync(users[from].Session, conversation.Key));
            }
        }
    }

    /// <summary>As a device does that was away from the beginning.</summary>
    private async Task<List<string>> CatchUpAsync(TestSession session, ConversationKey key)
    {
        var states = new SortedDictionary<long, JsonElement>();
        var wire = new Wire(session.AccessToken);
        for (var (known, last) = (0L, 1L); known < last;)
        {
            var client = cluster.Clients[Random.Shared.Next(cluster.Clients.Count)];
            var page = await wire.GetAsync(client, $"/api/v1/conversations/{key.Id}/changes?after={known}&size=40");
            last = page.GetProperty("lastChange").GetInt64();
            if (page.TryGetProperty("reset", out _))
            {
                page = await wire.GetAsync(client, $"/api/v1/messages?conversation={key.Id}&size=1000");
                known = page.GetProperty("lastChange").GetInt64();
            }
            else
            {
                known = page.GetProperty("through").GetInt64();
            }

            foreach (var message in page.GetProperty("messages").EnumerateArray().Where(m => m.TryGetProperty("change", out _)))
            {
                states[message.GetProperty("sequence").GetInt64()] = message.Clone();
            }
        }

        return [.. states.Values.Select(m =>
            $"{m.GetProperty("sequence")} {m.GetProperty("change")} {m.GetProperty("data").GetString()}")];
    }
}
