using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// Threads in table <c>conversations</c>. A reply is a message like any other, whose row names the thread; the message that the thread
/// begins with has a summary of it; and a row for each reply finds them.
/// </summary>
internal static class ThreadRows
{
    /// <summary>What stays of a message that was deleted or erased: it keeps its place in the thread, or its thread.</summary>
    public static readonly string[] Kept = ["Thread", "ThreadNumber", "Replies", "RepliedAt"];

    public const string Repliers = "Repliers";

    public static void Add(TableEntity row, MessageDraft draft)
    {
        if (draft.Thread > 0)
        {
            row["Thread"] = draft.Thread;
            row["ThreadNumber"] = draft.ThreadNumber;
        }
    }

    public static MessageDraft Read(TableEntity row, MessageDraft draft) => row.GetInt64("Thread") is { } thread
        ? draft with { Thread = thread, ThreadNumber = row.GetInt64("ThreadNumber") ?? 0 }
        : draft;

    public static ThreadSummary Summary(TableEntity row) => row.GetInt64("Replies") is { } count
        ? new ThreadSummary(count, row.GetInt64("RepliedAt") ?? 0, ReadUsers(row.GetString(Repliers)))
        : ThreadSummary.None;

    /// <summary>To be merged into the row of the message that the thread begins with.</summary>
    public static TableEntity Summary(ConversationKey key, long thread, ThreadSummary summary) =>
        new(key.Partition, ChatKeys.Message(thread))
        {
            ["Replies"] = summary.Count,
            ["RepliedAt"] = summary.LastAt,
            [Repliers] = WriteUsers(summary.Users),
        };

    public static TableEntity Reply(ConversationKey key, Message message) =>
        new(key.Partition, ChatKeys.ThreadReply(message.Draft.Thread, message.Sequence)) { ["Sequence"] = message.Sequence };

    /// <summary>Copies what stays from a message's row into the one that takes its place.</summary>
    public static void Keep(TableEntity row, TableEntity stub)
    {
        foreach (var name in Kept)
        {
            if (row.GetInt64(name) is { } number)
            {
                stub[name] = number;
            }
        }
    }

    /// <summary>Login ids and uids have no control characters: line breaks and tabs separate them.</summary>
    public static string WriteUsers(IEnumerable<Replier> users) => string.Join('\n', users.Select(user => $"{user.LoginId}\t{user.Uid}"));

    public static IReadOnlyList<Replier> ReadUsers(string? text) => text is not { Length: > 0 }
        ? []
        : [.. text.Split('\n').Select(user => user.Split('\t')).Select(user => new Replier(user[0], user[1]))];
}
