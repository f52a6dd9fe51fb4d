using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Argument of the live event <c>typing</c>.</summary>
/// <param name="To">The other user's login id, or the group's id.</param>
/// <param name="Group">Absent between two users.</param>
internal sealed record TypingEvent(
    string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Group = null);

/// <summary>
/// Relays "is typing" from one live connection to others: <c>connection.send("typing", { to: "bob" })</c>, or <c>{ group: "g…" }</c>.
/// A lost signal does not matter, so it is neither stored nor repeated. What comes too often is dropped: each signal that is passed on
/// costs a message of the SignalR service.
/// </summary>
public sealed partial class TypingFunctions(
    UserService users, ContactService contacts, GroupTyping groups, TypingLimits limits, Pusher pusher, TimeProvider time,
    ILogger<TypingFunctions> logger)
{
    private const int MaxName = 128;

    // This must not throw: a client that used invoke would be shown the exception.
    [Function("RelayTyping")]
    [SignalROutput(HubName = RealtimeOptions.Hub, ConnectionStringSetting = RealtimeOptions.ConnectionSetting)]
    public async Task<SignalRMessageAction?> RelayTyping(
        [SignalRTrigger(RealtimeOptions.Hub, "messages", "typing")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (RealtimeUser.Parse(context.UserId) is not { } sender
                || context.Arguments is not [JsonElement { ValueKind: JsonValueKind.Object } signal, ..])
            {
                return null;
            }

            var (projectId, from) = sender.Key;
            if (Name(signal, "group") is { } group)
            {
                return ConversationKey.IsGroupId(group) && limits.TryTake(sender.Key, group)
                    ? await ToGroupAsync(new(projectId, group), sender, cancellationToken)
                    : null;
            }

            if (Name(signal, "to") is { } name && LoginIds.Canonical(name) is var to && limits.TryTake(sender.Key, to)
                && await users.FindRecentAsync(new(projectId, to), cancellationToken) is { Identity: var other }
                && !await contacts.HasBlockedAsync(other, from, cancellationToken))
            {
                var typing = new TypingEvent(from, to);
                if (!pusher.HasSeveralServices)
                {
                    return new SignalRMessageAction(RealtimeEvents.Typing, [typing]) { UserId = RealtimeUser.IdOf(other) };
                }

                pusher.ToUsers([other], RealtimeEvents.Typing, typing, MessageJson.Wire.TypingEvent);
            }

            return null;
        }
        catch (Exception e)
        {
            NotRelayed(e);
            return null;
        }
    }

    /// <summary>One call to the group. If a member has blocked the user who types, one to each of the others.</summary>
    private async Task<SignalRMessageAction?> ToGroupAsync(
        ConversationKey key, UserIdentity from, CancellationToken cancellationToken)
    {
        var audience = await groups.FindAudienceAsync(key, from, cancellationToken);
        var typing = new TypingEvent(from.LoginId, key.Id, key.Id);
        if (audience.Everybody && pusher.HasSeveralServices)
        {
            pusher.ToGroup(
                key.ProjectId, key.Id, RealtimeEvents.Typing, typing, MessageJson.Wire.TypingEvent, time.GetUtcNow());
            return null;
        }

        if (audience.Everybody)
        {
            return new SignalRMessageAction(RealtimeEvents.Typing, [typing]) { GroupName = RealtimeUser.GroupOf(key.ProjectId, key.Id) };
        }

        pusher.ToUsers([.. audience.Users], RealtimeEvents.Typing, typing, MessageJson.Wire.TypingEvent);
        return null;
    }

    private static string? Name(JsonElement signal, string property) =>
        signal.TryGetProperty(property, out var name) && name.ValueKind == JsonValueKind.String
        && name.GetString() is { Length: > 0 and <= MaxName } text ? text : null;

    [LoggerMessage(2200, LogLevel.Warning, "Typing was not relayed")]
    private partial void NotRelayed(Exception exception);
}
