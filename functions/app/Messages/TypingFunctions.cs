using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Vox.Contacts;
using Vox.Realtime;

namespace Vox.Messages;

/// <summary>Argument of the live event <c>typing</c>.</summary>
public sealed record TypingEvent(string From, string To);

/// <summary>
/// Relays "is typing" from one open connection to others: <c>connection.send("typing", { to: "bob" })</c>. A loss does not matter here,
/// so it is neither stored nor repeated.
/// </summary>
public sealed partial class TypingFunctions(ContactService contacts, ILogger<TypingFunctions> logger)
{
    private const int MaxName = 128;

    // Whatever is thrown here would be shown to a client that used invoke: nothing is.
    [Function("RelayTyping")]
    [SignalROutput(HubName = RealtimeOptions.Hub, ConnectionStringSetting = RealtimeOptions.ConnectionSetting)]
    public async Task<SignalRMessageAction?> RelayTyping(
        [SignalRTrigger(RealtimeOptions.Hub, "messages", "typing")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        try
        {
            return RealtimeUser.Parse(context.UserId) is (var projectId, var from)
                && context.Arguments is [JsonElement { ValueKind: JsonValueKind.Object } signal, ..]
                && signal.TryGetProperty("to", out var name) && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 and <= MaxName } to
                && !await contacts.HasBlockedAsync(projectId, to, from, cancellationToken)
                    ? new SignalRMessageAction(RealtimeEvents.Typing, [new TypingEvent(from, to)]) { UserId = RealtimeUser.IdOf(projectId, to) }
                    : null;
        }
        catch (Exception e)
        {
            NotRelayed(e);
            return null;
        }
    }

    [LoggerMessage(2200, LogLevel.Warning, "Typing was not relayed")]
    private partial void NotRelayed(Exception exception);
}
