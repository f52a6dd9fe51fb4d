using System.ComponentModel;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Moderation;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>A flagged message or user in the moderators' queue.</summary>
internal sealed record FlagView(
    [property: Description("Follows from what was flagged: further flags of it have the same id.")]
    string Id,
    [property: Description("message or user.")]
    string Kind,
    [property: Description("The id of the flagged user, or of who wrote the message.")]
    string User,
    [property: Description("The message's conversation. Absent for a user.")]
    string? Conversation,
    [property: Description("The message's sequence. Absent for a user.")]
    long? Sequence,
    [property: Description("open or decided. A flag after a decision opens it again.")]
    string State,
    [property: Description("How many flags there were in all.")]
    int Count,
    [property: Description("Of the newest flag.")]
    string Reason,
    [property: Description("When it was flagged first.")]
    DateTimeOffset FirstAt,
    [property: Description("When it was flagged last.")]
    DateTimeOffset LastAt,
    [property: Description("The last decision. Absent before the first.")]
    FlagDecisionView? Decision)
{
    public static FlagView Of(Flagged entry) => new(
        entry.Id, entry.IsMessage ? "message" : "user", entry.LoginId, entry.IsMessage ? entry.Conversation : null,
        entry.IsMessage ? entry.Sequence : null, entry.IsOpen ? "open" : "decided", entry.Count, entry.Reason, entry.FirstAt, entry.LastAt,
        entry.Decision is { } decision
            ? new FlagDecisionView(decision.Action, decision.Note.Length > 0 ? decision.Note : null, decision.By, decision.At)
            : null);
}

internal sealed record FlagDecisionView(
    [property: Description("keep, delete, mute or ban.")]
    string Action,
    [property: Description("Absent for none.")]
    string? Note,
    [property: Description("The name of the API key, or the e-mail address of the developer, that decided.")]
    string By,
    DateTimeOffset At);

internal sealed record FlagPage(
    [property: Description("The newest first: by when they were opened, or decided.")]
    IReadOnlyList<FlagView> Flags,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

/// <summary>A flag by a user.</summary>
internal sealed record FlagReport(
    [property: Description("The id of the user who flagged. Empty: a word list did.")]
    string By,
    string Reason,
    [property: Description("What they add, or the words of the list. Absent for nothing.")]
    string? Text,
    DateTimeOffset At);

/// <summary>A flagged message or user, with what moderators need to decide.</summary>
internal sealed record FlagDetail(
    [property: Description("As in the queue.")]
    FlagView Flag,
    [property: Description("The newest flags, at most 50, newest first.")]
    IReadOnlyList<FlagReport> Reports,
    [property: Description(
        "The message as it is now, with up to five before and after it, oldest first. Empty for a user, and where nothing is left.")]
    IReadOnlyList<MessageEvent> Messages);

/// <summary><c>POST /api/server/v1/moderation/flags/{id}/decision</c></summary>
internal sealed record DecideFlagRequest(
    [property: Description("keep: nothing is done. delete: the message is deleted for everyone. mute and ban: the user, in the project.")]
    string? Action,
    [property: Description("When a mute or ban ends by itself. Default: never.")]
    DateTimeOffset? Until = null,
    [property: Description("For other moderators: at most 200 characters. It is the reason of a mute or ban too. Users do not see it.")]
    string? Note = null);
