namespace Vox.Chat.Files;

/// <summary>A conversation that a file was forwarded to.</summary>
/// <param name="Uids">Both users of a conversation of two; empty for a group.</param>
public sealed record FileForward(string ConversationId, IReadOnlyList<string> Uids)
{
    /// <summary>In place of a conversation: the file is the picture of a user or group, so everybody in the project sees it.</summary>
    public const string Everybody = "everybody";
}
