using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// All reactions with one emoji to a message, as the message's own row has them: so a page of history reads nothing more.
/// </summary>
/// <param name="Users">Login ids of the first few, by time.</param>
/// <param name="Marks">
/// <see cref="MarkOf"/> each of those who reacted, as far as there is room; see <see cref="HasAll"/>.
/// </param>
public sealed record ReactionSummary(string Emoji, long Count, IReadOnlyList<string> Users, IReadOnlyList<string> Marks)
{
    /// <summary>Users whose names are shown.</summary>
    public const int MaxUsers = 5;

    /// <summary>Marks in one message, over all emojis.</summary>
    public const int MaxMarks = 200;

    public const int MarkLength = 8;

    /// <summary>Whether everybody who reacted has a mark, so that it is certain who has not.</summary>
    public bool HasAll => Marks.Count == Count;

    /// <summary>48 bits that stand for a user.</summary>
    public static string MarkOf(string uid) => KeyText.Digest(uid)[..MarkLength];

    public bool IsBy(string uid) => Marks.Contains(MarkOf(uid), StringComparer.Ordinal);

    /// <param name="room">How many more marks the message may have.</param>
    public ReactionSummary With(string loginId, string uid, int room) => this with
    {
        Count = Count + 1,
        Users = Users.Count < MaxUsers && Users.Count == Count ? [.. Users, loginId] : Users,
        Marks = room > 0 && HasAll ? [.. Marks, MarkOf(uid)] : Marks,
    };

    public ReactionSummary Without(string loginId, string uid)
    {
        // Names and marks are in the order of time. A later user may have the login id of a former one, so the mark tells which name it is.
        var (users, marks) = (Users.ToList(), Marks.ToList());
        var mark = marks.IndexOf(MarkOf(uid));
        var name = mark >= 0 ? mark : users.LastIndexOf(loginId);
        if (name >= 0 && name < users.Count)
        {
            users.RemoveAt(name);
        }

        if (mark >= 0)
        {
            marks.RemoveAt(mark);
        }

        return this with { Count = Math.Max(0, Count - 1), Users = users, Marks = marks };
    }
}
