namespace Vox.Chat.Model;

/// <summary>What a message is. The numbers are those of the vendor's SDK, on the wire and in storage.</summary>
public enum MessageType
{
    Text = 1,
    Html = 2,
    Location = 3,
    Image = 4,
    Video = 5,
    Contact = 6,
    Document = 7,
}

internal static class MessageTypes
{
    /// <summary>Whether the data of the message is the storage key of a file.</summary>
    public static bool IsFile(this MessageType type) => type is MessageType.Image or MessageType.Video or MessageType.Document;
}
