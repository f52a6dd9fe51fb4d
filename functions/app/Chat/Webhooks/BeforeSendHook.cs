using System.ComponentModel;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>An address of the customer's that is asked before a message is stored.</summary>
/// <param name="Secret">Signs what is sent: <c>whsec_</c> and Base64.</param>
/// <param name="PreviousSecret">The one from before the last rotation.</param>
/// <param name="PreviousUntil">Until then, both sign.</param>
/// <param name="Milliseconds">How long an answer may take.</param>
/// <param name="AllowsOnFailure">Whether a message is stored when there is no good answer.</param>
/// <param name="Version">Null before it is stored.</param>
public sealed record BeforeSendHook(
    string ProjectId, string Url, string Secret, string? PreviousSecret, DateTimeOffset? PreviousUntil, int Milliseconds,
    bool AllowsOnFailure, RowVersion? Version)
{
    /// <summary>Each of them signs.</summary>
    public IReadOnlyList<string> SecretsAt(DateTimeOffset now) =>
        PreviousSecret is { } previous && PreviousUntil > now ? [Secret, previous] : [Secret];
}

/// <summary>What became of the messages of a day (UTC).</summary>
public sealed record BeforeSendDay(
    DateOnly Day,
    [property: Description("Messages that were stored as they were.")] long Allowed,
    [property: Description("Messages that were stored with another text.")] long Changed,
    [property: Description("Messages that were refused.")] long Refused,
    [property: Description("Messages that were asked about without a good answer.")] long Failed,
    [property: Description("Messages that were not asked about, because the address had failed several times in a row.")] long Skipped);
