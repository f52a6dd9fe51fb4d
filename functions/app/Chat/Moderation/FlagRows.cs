using System.Globalization;
using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Moderation;

/// <summary>What a flag is about.</summary>
/// <param name="Conversation">Empty for a user.</param>
/// <param name="LoginId">The flagged user, or who wrote the message.</param>
public sealed record FlagTarget(string Conversation, long Sequence, string LoginId);

/// <summary>Rows from flags and the entries of the queue, and the other way round.</summary>
internal static class FlagRows
{
    public static TableEntity Entry(Flagged entry, string row) => new(ChatKeys.Flags(entry.ProjectId), row)
    {
        ["Id"] = entry.Id,
        ["Conversation"] = entry.Conversation,
        ["Sequence"] = entry.Sequence,
        ["Login"] = entry.LoginId,
        ["Uid"] = entry.Uid,
        ["Open"] = entry.IsOpen,
        ["Count"] = entry.Count,
        ["Reason"] = entry.Reason,
        ["FirstAt"] = entry.FirstAt,
        ["LastAt"] = entry.LastAt,
        ["QueuedAt"] = entry.QueuedAt,
        ["Action"] = entry.Decision?.Action,
        ["Note"] = entry.Decision?.Note,
        ["By"] = entry.Decision?.By,
        ["DecidedAt"] = entry.Decision?.At,
    };

    public static Flagged ToFlagged(string projectId, TableEntity row) => new(
        projectId, row.GetString("Id"), row.GetString("Conversation"), row.GetInt64("Sequence") ?? 0, row.GetString("Login"),
        row.GetString("Uid"), row.GetBoolean("Open") ?? true, row.GetInt32("Count") ?? 0, row.GetString("Reason"),
        row.GetDateTimeOffset("FirstAt") ?? default, row.GetDateTimeOffset("LastAt") ?? default,
        row.GetDateTimeOffset("QueuedAt") ?? default,
        row.GetString("Action") is { } action
            ? new FlagDecision(action, row.GetString("Note"), row.GetString("By"), row.GetDateTimeOffset("DecidedAt") ?? default)
            : null,
        row.ETag);

    public static TableEntity ByUser(Flagged entry, Flag flag) =>
        Fill(new TableEntity(ChatKeys.Flags(entry.ProjectId), ChatKeys.FlagBy(flag.Uid, entry.Id))
        {
            ["Conversation"] = entry.Conversation,
            ["Sequence"] = entry.Sequence,
            ["User"] = entry.LoginId,
        }, flag);

    public static TableEntity ByTarget(Flagged entry, Flag flag) =>
        Fill(new TableEntity(ChatKeys.Flags(entry.ProjectId), ChatKeys.FlagOf(entry.Id, flag.At, flag.Uid)), flag);

    public static Flag ToFlag(TableEntity row) => new(
        row.GetString("Login"), row.GetString("Uid"), row.GetString("Reason"), row.GetString("Text") ?? "",
        row.GetDateTimeOffset("At") ?? default);

    public static FlagTarget ToTarget(TableEntity row) =>
        new(row.GetString("Conversation"), row.GetInt64("Sequence") ?? 0, row.GetString("User"));

    public static TableEntity Count(string projectId, string uid, FlagCount count) =>
        new(ChatKeys.Flags(projectId), ChatKeys.FlagCount(uid))
        {
            ["Day"] = count.Day.ToString("O", CultureInfo.InvariantCulture),
            ["Count"] = count.Count,
        };

    public static FlagCount ToCount(TableEntity row) => new(
        DateOnly.ParseExact(row.GetString("Day"), "O", CultureInfo.InvariantCulture), row.GetInt32("Count") ?? 0, row.ETag);

    private static TableEntity Fill(TableEntity row, Flag flag)
    {
        row["Login"] = flag.LoginId;
        row["Uid"] = flag.Uid;
        row["Reason"] = flag.Reason;
        row["Text"] = flag.Text;
        row["At"] = flag.At;
        return row;
    }
}
