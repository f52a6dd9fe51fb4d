namespace Vox.Chat.Moderation;

/// <summary><c>POST /api/v1/flags</c>: names either a message or a user.</summary>
/// <param name="Conversation">The message's conversation, with <paramref name="Sequence"/>.</param>
/// <param name="Sequence">The message.</param>
/// <param name="User">The user's login id.</param>
/// <param name="Reason">spam, harassment, hate, violence, sexual, self_harm, illegal or other.</param>
/// <param name="Text">For moderators: at most 500 characters.</param>
public sealed record FlagRequest(
    string? Conversation = null, long? Sequence = null, string? User = null, string? Reason = null, string? Text = null);

/// <summary>The answer to a flag.</summary>
/// <param name="Duplicate">The caller had flagged it before: nothing was stored now.</param>
public sealed record FlagAnswer(bool Duplicate);

/// <summary>A flag by a user, as it stands in their archive.</summary>
/// <param name="Conversation">Absent for a flagged user.</param>
/// <param name="User">The flagged user, or who wrote the message.</param>
public sealed record ExportedFlag(
    string? Conversation, long? Sequence, string User, string Reason, string? Text, DateTimeOffset At)
{
    internal static ExportedFlag Of((Flag Flag, FlagTarget Target) flag) => new(
        flag.Target.Conversation.Length > 0 ? flag.Target.Conversation : null,
        flag.Target.Sequence > 0 ? flag.Target.Sequence : null, flag.Target.LoginId, flag.Flag.Reason,
        flag.Flag.Text.Length > 0 ? flag.Flag.Text : null, flag.Flag.At);
}
