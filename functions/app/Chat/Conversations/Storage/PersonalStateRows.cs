using Azure.Data.Tables;

namespace Vox.Chat.Conversations.Storage;

/// <summary>The columns of a <see cref="PersonalState"/> in the row of a mark, or of a member of a group.</summary>
internal static class PersonalStateRows
{
    public const string Version = "StateVersion";

    /// <summary>Those that are sequences, so that a check after a restore can limit them.</summary>
    public static readonly string[] Sequences = ["ClearedThrough", "UnreadFrom", "UnreadAt"];

    public const string Hidden = "Hidden";

    /// <summary>Adds all columns. They are merged, and merging removes no column: 0 takes the place of nothing.</summary>
    public static TableEntity Add(TableEntity row, PersonalState state)
    {
        row["MutedUntil"] = state.MutedUntil;
        row["Archived"] = state.Archived;
        row["Favourite"] = state.Favourite;
        row["UnreadFrom"] = state.Unread?.From ?? 0L;
        row["UnreadAt"] = state.Unread?.At ?? 0L;
        row["UnreadCount"] = state.Unread?.Count ?? 0L;
        row["ClearedThrough"] = state.ClearedThrough;
        row[Hidden] = state.Hidden.ToString();
        row[Version] = state.Version;
        return row;
    }

    public static PersonalState Read(TableEntity row) => row.GetInt64(Version) is not { } version
        ? PersonalState.None
        : new PersonalState(
            row.GetInt64("MutedUntil") ?? 0, row.GetBoolean("Archived") ?? false, row.GetBoolean("Favourite") ?? false,
            row.GetInt64("UnreadFrom") is > 0 and var from
                ? new UnreadMark(from, row.GetInt64("UnreadAt") ?? 0, row.GetInt64("UnreadCount") ?? 0)
                : null,
            row.GetInt64("ClearedThrough") ?? 0, SequenceSet.Parse(row.GetString(Hidden)), version);
}
