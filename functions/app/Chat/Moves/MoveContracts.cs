namespace Vox.Chat.Moves;

/// <summary><c>PUT /api/operator/v1/projects/{projectId}/services</c></summary>
/// <param name="Services">Numbers of SignalR services: one, or several over which the users are spread.</param>
internal sealed record MoveRequest(IReadOnlyList<int>? Services);

/// <summary>Where a project's live connections are.</summary>
/// <param name="Services">Its services; while it moves, those to which it moves.</param>
/// <param name="MovingFrom">Empty unless it moves.</param>
/// <param name="SwitchesAt">While it moves: from when on new connections go to the new services.</param>
/// <param name="Reconnected">While it moves: users who were told to connect anew so far. Some are told twice.</param>
/// <param name="Available">The services of this installation.</param>
public sealed record ServicesResponse(
    IReadOnlyList<int> Services, IReadOnlyList<int> MovingFrom, DateTimeOffset? SwitchesAt, long? Reconnected,
    IReadOnlyList<int> Available);
