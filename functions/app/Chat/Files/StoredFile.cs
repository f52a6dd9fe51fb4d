using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

public enum FileKind
{
    /// <summary>To be sent as a message.</summary>
    File,

    /// <summary>A picture of a user or group. It becomes a square.</summary>
    Photo,

    /// <summary>A picture that the client made of another file, such as a frame of a video.</summary>
    Thumbnail,
}

public enum FileState
{
    /// <summary>The client is uploading.</summary>
    Pending,

    /// <summary>All bytes have arrived, and it is fixed what becomes of them. It can be finished without the client.</summary>
    Claimed,

    /// <summary>Checked, copied and counted. It is not yet known whether the message was sent.</summary>
    Stored,

    /// <summary>The message was sent, or there was none to send.</summary>
    Done,

    /// <summary>Cannot be used. The bytes are gone, and the reason is kept until the sweep.</summary>
    Refused,
}

/// <summary>A file, from the moment its upload begins.</summary>
/// <param name="Id">Made from the key, so that the file can be found by either.</param>
/// <param name="Size">In bytes, as announced.</param>
/// <param name="ContentType">As announced. Not to be trusted.</param>
/// <param name="DueAt">When the sweep removes what is left of the upload. No upload address is valid longer.</param>
/// <param name="Attempts">How often the sweep has begun to finish the file.</param>
/// <param name="ConversationId">
/// Where the message went with which the upload was completed. Empty until then, for files without a message, and for files from before
/// this was kept.
/// </param>
public sealed record StoredFile(
    string ProjectId,
    string Id,
    string Key,
    string OwnerLoginId,
    string OwnerUid,
    FileKind Kind,
    long Size,
    string ContentType,
    FileState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    FileClaim? Claim,
    FileContent? Content,
    FileRefusal? Refusal,
    RowVersion Version,
    int Attempts = 0,
    string ConversationId = "")
{
    public string Blob => ChatKeys.FileBlob(ProjectId, OwnerUid, Id);
}

/// <summary>What the client wants done with the file. The first complete fixes it.</summary>
/// <param name="To">The recipient. Empty for no message.</param>
/// <param name="Type">Chat type: 4 image, 5 video, 7 document.</param>
/// <param name="ThumbnailUrl">Key of the caller's own thumbnail, or empty.</param>
/// <param name="ThumbnailId">Id of the upload of a picture that becomes the thumbnail, or empty.</param>
public sealed record FileClaim(
    string To, MessageType Type, string MessageId, string ThumbnailUrl, string ThumbnailId, long ClientTime, long ClientSequence)
{
    /// <summary>Whether the sender wants to know when the message was delivered and read.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>What else the message carries. Null for nothing, and once the message was sent or refused: it has them then.</summary>
    public FileMessageFields? Fields { get; init; }
}

/// <summary>What only some messages carry, as <see cref="Conversations.Messages.SendMessageRequest"/> has it.</summary>
/// <param name="ReplyTo">0 for none.</param>
/// <param name="Custom">A JSON object as text; empty for none.</param>
public sealed record FileMessageFields(long ReplyTo, IReadOnlyList<string> Mentions, bool MentionsAll, string Custom, bool Silent)
{
    /// <summary>0 for none.</summary>
    public long Thread { get; init; }
}

/// <summary>What the file turned out to be.</summary>
/// <param name="Type">Chat type; 7 when the content is not what was claimed.</param>
/// <param name="ContentType">Judged by the content.</param>
/// <param name="Size">Size of the file itself in bytes.</param>
/// <param name="Width">Width of the image as displayed (rotated); 0 when it is not an image.</param>
/// <param name="ThumbnailType">MIME type of the thumbnail; empty when there is none.</param>
/// <param name="Reason">Why there is no thumbnail, or why the file became a document; empty when neither applies.</param>
public sealed record FileContent(
    MessageType Type, string ContentType, long Size, int Width, int Height, string ThumbnailType, string PreviewType, string Reason)
{
    public bool HasThumbnail => ThumbnailType.Length > 0;

    public bool HasPreview => PreviewType.Length > 0;
}

/// <summary>Why a file cannot be used. Stored, so that a repeated request gets the same error.</summary>
public sealed record FileRefusal(string Code, string Detail, string Field);
