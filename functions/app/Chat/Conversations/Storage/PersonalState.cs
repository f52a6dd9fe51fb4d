using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// What a user has set for themselves in one conversation. It stands in the row of their mark: every page, list and sync reads that row
/// anyway, so it costs no request.
/// </summary>
/// <param name="MutedUntil">Unix ms; 0 for not muted, -1 for ever.</param>
/// <param name="Unread">They have marked messages as unread. Null for nothing.</param>
/// <param name="ClearedThrough">They have deleted the history up to this sequence for themselves; 0 for nothing.</param>
/// <param name="Hidden">Single messages after it that they have deleted for themselves.</param>
/// <param name="Version">Counts the changes: of two states the one with the higher version is newer.</param>
public sealed record PersonalState(
    long MutedUntil, bool Archived, bool Favourite, UnreadMark? Unread, long ClearedThrough, SequenceSet Hidden, long Version)
{
    public static PersonalState None { get; } = new(0, false, false, null, 0, SequenceSet.Empty, 0);

    public bool Sees(long sequence) => sequence > ClearedThrough && !Hidden.Contains(sequence);

    /// <summary>Those of some messages that the user has deleted for themselves one by one, oldest first.</summary>
    /// <returns>Null for none.</returns>
    public IReadOnlyList<long>? HiddenAmong(IEnumerable<Message> messages) => Hidden.IsEmpty
        ? null
        : messages.Select(message => message.Sequence).Where(Hidden.Contains).Order().ToList() is { Count: > 0 } hidden ? hidden : null;

    /// <summary>After a receipt: whoever reads what they have marked as unread has read it now.</summary>
    /// <param name="read">Everything up to this sequence was read.</param>
    public PersonalState AfterReading(long read) =>
        Unread is { } unread && read >= unread.From ? this with { Unread = null, Version = Version + 1 } : this;

    /// <summary>The mark as long as it holds: whoever answers has read what came before.</summary>
    /// <param name="lastOwn">Sequence of their own newest message.</param>
    public UnreadMark? UnreadAfter(long lastOwn) => Unread is { } unread && lastOwn <= unread.At ? unread : null;

    /// <summary>How many messages of others are unread.</summary>
    /// <param name="read">Everything up to this sequence was read or answered, or was sent before they joined.</param>
    /// <param name="last">The last sequence.</param>
    /// <param name="lastOwn">Sequence of their own newest message.</param>
    /// <param name="unseen">How many of the messages after a sequence are their own all the same.</param>
    public long CountUnread(long read, long last, long lastOwn, Func<long, long> unseen)
    {
        var (from, marked) = UnreadAfter(lastOwn) is { } unread
            ? (Math.Max(unread.At, ClearedThrough), unread.Count)
            : (Math.Max(read, ClearedThrough), 0);
        return marked + Math.Max(0, last - from - unseen(from) - Hidden.Count(from + 1, last));
    }
}

/// <summary>Messages that a user has marked as unread.</summary>
/// <param name="From">The first of them.</param>
/// <param name="At">The last sequence at that time.</param>
/// <param name="Count">How many of them, up to <paramref name="At"/>, are of others and not deleted for the user.</param>
public sealed record UnreadMark(long From, long At, long Count);
