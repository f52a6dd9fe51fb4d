namespace Vox.Chat.Model;

/// <summary>A user who sends, receives or reads a message.</summary>
/// <param name="Uid">The user's own id. A later user with the same login id has another one.</param>
public sealed record Sender(string LoginId, string Uid)
{
    /// <summary>Sends nothing before; null for a user who may send.</summary>
    public DateTimeOffset? MutedUntil { get; init; }
}
