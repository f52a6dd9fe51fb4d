namespace Vox.Chat.Model;

/// <summary>Who sends a message, reads, or has got one.</summary>
/// <param name="Uid">The user's own id: another user who has the same login id later has another one.</param>
public sealed record Sender(string LoginId, string Uid);
