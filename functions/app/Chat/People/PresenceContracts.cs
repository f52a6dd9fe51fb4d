namespace Vox.Chat.People;

/// <summary><c>POST /api/v1/presence</c></summary>
/// <param name="Connection">The connection's id at the SignalR service.</param>
/// <param name="View">The conversation that the user sees at the moment: its id. Absent for none. They get no push messages of it.</param>
internal sealed record PresenceRequest(string? Connection, string? View = null);

/// <param name="LeaseSeconds">How long the connection counts as alive. Renew after a third of it.</param>
/// <param name="Push">
/// Users of the project get push messages: tell at once when the user opens another conversation or looks away. Absent otherwise; then the
/// next renewal is soon enough.
/// </param>
internal sealed record PresenceResponse(int LeaseSeconds, bool? Push = null);

/// <summary>Argument of the live event <c>presence</c>.</summary>
/// <param name="Time">Unix ms.</param>
/// <param name="Status">The user's status text.</param>
internal sealed record PresenceEvent(string User, bool Online, long Time, string Status);
