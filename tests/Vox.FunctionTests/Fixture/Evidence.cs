using System.Diagnostics;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Tests.Fixture;

/// <summary>Reads what the tables hold, without the API, and checks what must be true of it at any time.</summary>
public static class Evidence
{
    public static async Task<ConversationKey> ConversationOfAsync(this TestUser user, TestUser other)
    {
        var users = user.Project.App.Get<UserStore>();
        var one = await users.FindAsync(new(user.Project.Id, user.LoginId), CancellationToken.None);
        var two = await users.FindAsync(new(user.Project.Id, other.LoginId), CancellationToken.None);
        return ConversationKey.Between(user.Project.Id, one!.Uid, two!.Uid);
    }

    /// <summary>
    /// All messages, oldest first. Checks first that sequences run from 1 to the head's without a gap, and that times never fall.
    /// </summary>
    public static async Task<List<Message>> ReadConversationAsync(this VoxApp app, ConversationKey key)
    {
        var store = app.Get<ConversationStore>();
        var head = await store.FindHeadAsync(key, CancellationToken.None);
        var messages = new List<Message>();
        for (var first = 1L; first <= (head?.LastSequence ?? 0); first += 1_000)
        {
            messages.AddRange((await store.ReadRangeAsync(key, first, first + 999, CancellationToken.None)).AsEnumerable().Reverse());
        }

        Assert.Equal(
            Enumerable.Range(1, (int)(head?.LastSequence ?? 0)).Select(n => (long)n), messages.Select(message => message.Sequence));
        Assert.Equal(messages.Select(message => message.SentAt).Order(), messages.Select(message => message.SentAt));
        Assert.Distinct(messages.Select(message => (message.Draft.FromUid, message.Id)));
        return messages;
    }

    /// <summary>The project's log, oldest first. Checks first that positions have no gap, and that times never fall.</summary>
    public static async Task<List<ChatLogEntry>> ReadLogAsync(this VoxApp app, string projectId)
    {
        var log = new List<ChatLogEntry>();
        await foreach (var entry in app.Get<ChatLogStore>().ScanAsync(
            projectId, null, null, new ChatLogFilter(), 1_000, CancellationToken.None))
        {
            log.Add(entry);
        }

        log.Reverse();
        Assert.Equal(Enumerable.Range(0, log.Count).Select(n => (long)n), log.Select(entry => entry.Position));
        Assert.Equal(log.Select(entry => entry.LoggedAt).Order(), log.Select(entry => entry.LoggedAt));
        return log;
    }

    /// <summary>Waits until the log has as many rows as expected, and asserts that they are these messages, each once.</summary>
    public static async Task AssertLogIsAsync(
        this VoxApp app,
        string projectId,
        IEnumerable<(ConversationKey Key, Message Message)> messages,
        int seconds = 15,
        Func<Task>? between = null)
    {
        var expected = messages.Select(m => (m.Key.Id, m.Message.Sequence, m.Message.Id, m.Message.Draft.Data)).Order().ToList();
        var watch = Stopwatch.StartNew();
        List<ChatLogEntry> log;
        while (!Texts(log = await app.ReadLogAsync(projectId)).SequenceEqual(expected) && watch.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await Task.Delay(200);
            await (between?.Invoke() ?? Task.CompletedTask);
        }

        Assert.Equal(expected, Texts(log));
    }

    private static List<(string Conversation, long Sequence, string Id, string Data)> Texts(List<ChatLogEntry> log) =>
        [.. log.Select(entry => (entry.ConversationId, entry.Sequence, entry.Id, entry.Data)).Order()];
}
