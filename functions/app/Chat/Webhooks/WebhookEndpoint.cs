using Vox.Chat.Events;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>An address of the customer's that events of their project are sent to.</summary>
/// <param name="Events">The types of events that it gets, see <see cref="EventTypes"/>.</param>
/// <param name="Secret">Signs what is sent, as the public libraries take it: <c>whsec_</c> and Base64.</param>
/// <param name="PreviousSecret">Signs as well, until <paramref name="PreviousUntil"/>. Null for none.</param>
/// <param name="Enabled">False: it gets nothing.</param>
/// <param name="DisabledReason">Why we switched it off. Null when we did not.</param>
/// <param name="FailingSince">The first attempt that failed since the last that did not. Null for none.</param>
public sealed record WebhookEndpoint(
    string ProjectId,
    string Id,
    string Url,
    IReadOnlyList<string> Events,
    string Description,
    string Secret,
    string? PreviousSecret,
    DateTimeOffset? PreviousUntil,
    bool Enabled,
    string? DisabledReason,
    DateTimeOffset? FailingSince,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    RowVersion Version)
{
    public bool Wants(string type) => Enabled && Events.Contains(type, StringComparer.Ordinal);
}
