using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Converts what changes leave in table <c>conversations</c> to and from records.</summary>
internal static class ChangeRows
{
    /// <summary>Texts of a message that are kept beside the present one. The oldest goes.</summary>
    public const int MaxVersions = 10;

    /// <param name="commit">Names the transaction, so that its writer recognises its own rows when the answer was lost.</param>
    public static TableEntity Change(ConversationKey key, MessageChange change, string commit)
    {
        var row = new TableEntity(key.Partition, ChatKeys.Change(change.Number))
        {
            ["Change"] = change.Number,
            ["Sequence"] = change.Sequence,
            ["Kind"] = (int)change.Kind,
            ["Login"] = change.By,
            ["Uid"] = change.ByUid,
            ["At"] = change.At,
            ["Commit"] = commit,
        };
        if (change.Emoji.Length > 0)
        {
            row["Emoji"] = change.Emoji;
        }

        return row;
    }

    /// <summary>The files of a message that is deleted, until they are gone: its own row forgets them at once.</summary>
    public static void AddFiles(TableEntity change, Message message)
    {
        var files = new[] { message.Draft.Data, message.Draft.Thumbnail }.Where(static file => file.Length > 0);
        if (message.Draft.Type.IsFile())
        {
            change["Files"] = string.Join('\n', files);
            change["FilesOf"] = message.Draft.FromUid;
        }
    }

    public static MessageChange Change(TableEntity row) => new(
        row.GetInt64("Change") ?? 0, row.GetInt64("Sequence") ?? 0, (ChangeKind)(row.GetInt32("Kind") ?? 0), row.GetString("Login") ?? "",
        row.GetString("Uid") ?? "", row.GetInt64("At") ?? 0, row.GetString("Emoji") ?? "");

    public static TableEntity Result(ConversationKey key, string uid, string changeId, MessageChange change, string commit) =>
        new(key.Partition, ChatKeys.ChangeResult(uid, changeId))
        {
            ["Change"] = change.Number,
            ["Sequence"] = change.Sequence,
            ["Commit"] = commit,
        };

    public static TableEntity Reaction(ConversationKey key, MessageChange change) => Reaction(
        key, ChatKeys.Reaction(change.ByUid, change.Sequence, change.Emoji), change);

    public static TableEntity Reactor(ConversationKey key, MessageChange change) => Reaction(
        key, ChatKeys.Reactor(change.Sequence, change.Emoji, change.At, change.ByUid), change);

    /// <summary>The text that an edit replaces, to be merged into the row of earlier texts.</summary>
    /// <param name="edits">How many edits there were before.</param>
    public static TableEntity Version(ConversationKey key, TableEntity message, long edits)
    {
        var at = edits % MaxVersions;
        return new TableEntity(key.Partition, ChatKeys.Versions(message.GetInt64("Sequence") ?? 0))
        {
            ["Data" + at] = message.GetString("Data"),
            ["At" + at] = message.GetInt64("EditedAt") is { } edited and > 0 ? edited : message.GetInt64("SentAt"),
        };
    }

    /// <summary>Earlier texts, oldest first, and when each was written, Unix ms.</summary>
    public static List<(long At, string Data)> Versions(TableEntity row) =>
        [.. Enumerable.Range(0, MaxVersions).Where(at => row.GetString("Data" + at) is not null)
            .Select(at => (row.GetInt64("At" + at) ?? 0, row.GetString("Data" + at))).OrderBy(version => version.Item1)];

    public static MessageState State(TableEntity message) => message.GetInt64("Change") is { } change
        ? new MessageState(
            change, message.GetInt64("EditedAt") ?? 0, message.GetInt64("DeletedAt") ?? 0, message.GetString("DeletedBy") ?? "",
            message.GetInt64("PinnedAt") ?? 0, message.GetString("PinnedBy") ?? "")
        {
            Reactions = Reactions(message.GetString("Reactions")),
        }
        : MessageState.Unchanged;

    public static IReadOnlyList<ReactionSummary> Reactions(string? text) => text is not { Length: > 0 }
        ? []
        : [.. JsonSerializer.Deserialize(text, ReactionJson.Stored.ListStoredReaction)!.Select(stored => new ReactionSummary(
            stored.E, stored.N, stored.U, [.. stored.M.Chunk(ReactionSummary.MarkLength).Select(mark => new string(mark))]))];

    public static string Reactions(IEnumerable<ReactionSummary> reactions)
    {
        var stored = reactions.Where(reaction => reaction.Count > 0).Select(reaction => new StoredReaction(
            reaction.Emoji, reaction.Count, [.. reaction.Users], string.Concat(reaction.Marks))).ToList();
        return stored.Count == 0 ? "" : JsonSerializer.Serialize(stored, ReactionJson.Stored.ListStoredReaction);
    }

    /// <summary>What stays of a message that was deleted for everyone. Its row takes the place of the one before.</summary>
    public static TableEntity Deleted(TableEntity row)
    {
        var stub = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var name in (string[])
        [
            "Sequence", "SentAt", "Id", "From", "FromUid", "To", "Group", "Reports", "Delivered0", "Read0",
            "Delivered1", "Read1", "Change", "DeletedAt", "DeletedBy", "DeletedByUid", ThreadRows.Repliers,
        ])
        {
            if (row.TryGetValue(name, out var value) && value is not null)
            {
                stub[name] = value;
            }
        }

        ThreadRows.Keep(row, stub);

        // As of an erased message: whoever knows nothing of deletions sees an empty text, not a file that cannot be had.
        stub["Type"] = (int)MessageType.Text;
        stub["ContentType"] = "text/plain";
        stub["Data"] = "";
        return stub;
    }

    private static TableEntity Reaction(ConversationKey key, string row, MessageChange change) => new(key.Partition, row)
    {
        ["Change"] = change.Number,
        ["Sequence"] = change.Sequence,
        ["Emoji"] = change.Emoji,
        ["Login"] = change.By,
        ["Uid"] = change.ByUid,
        ["At"] = change.At,
    };
}

/// <param name="E">The emoji.</param>
/// <param name="N">How many.</param>
/// <param name="U">Login ids of the first few.</param>
/// <param name="M">Marks, one after the other.</param>
internal sealed record StoredReaction(string E, long N, List<string> U, string M);

[JsonSerializable(typeof(List<StoredReaction>))]
internal sealed partial class ReactionJson : JsonSerializerContext
{
    public static ReactionJson Stored { get; } = new(
        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
