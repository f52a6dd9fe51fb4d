using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

public enum FileKind
{
    /// <summary>Sent as a message.</summary>
    File,

    /// <summary>A picture of a user or group: becomes a square.</summary>
    Photo,

    /// <summary>A picture that the client made of another file, a frame of a video.</summary>
    Thumbnail,
}

public enum FileState
{
    /// <summary>The client is uploading.</summary>
    Pending,

    /// <summary>All bytes are here, and what shall become of them is decided: it can be finished without the client.</summary>
    Claimed,

    /// <summary>Checked, copied and counted; the message is not yet known to be sent.</summary>
    Stored,

    /// <summary>The message is sent, or there was none to send.</summary>
    Done,

    /// <summary>Cannot be used; the bytes are gone, the reason is kept until the sweep.</summary>
    Refused,
}

/// <summary>A file, from the moment its upload begins.</summary>
/// <param name="Id">Made from the key, so it is found by either.</param>
/// <param name="Size">In bytes, as announced.</param>
/// <param name="ContentType">As announced; not to be believed.</param>
/// <param name="DueAt">When the sweep removes what is left of the upload; no address for uploading outlives it.</param>
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
    RowVersion Version)
{
    public string Blob => ChatKeys.FileBlob(ProjectId, OwnerUid, Id);
}

/// <summary>What the client wants done with the file; fixed by its first complete.</summary>
/// <param name="To">Empty: no message.</param>
/// <param name="Type">Chat type: 4 image, 5 video, 7 document.</param>
/// <param name="ThumbnailUrl">The caller's own thumbnail, or empty.</param>
/// <param name="ThumbnailId">Upload of a picture that becomes the thumbnail, or empty.</param>
public sealed record FileClaim(
    string To, MessageType Type, string MessageId, string ThumbnailUrl, string ThumbnailId, long ClientTime, long ClientSequence);

/// <summary>What the file turned out to be.</summary>
/// <param name="Type">Chat type; 7 where the content is not what was claimed.</param>
/// <param name="ContentType">By the content.</param>
/// <param name="Size">Bytes of the file itself.</param>
/// <param name="Width">Of the picture as seen (rotated); 0 when it is none.</param>
/// <param name="ThumbnailType">MIME type of the thumbnail; empty: there is none.</param>
/// <param name="Reason">Why there is no thumbnail, or why it is a document; empty: there is nothing to say.</param>
public sealed record FileContent(
    MessageType Type, string ContentType, long Size, int Width, int Height, string ThumbnailType, string PreviewType, string Reason)
{
    public bool HasThumbnail => ThumbnailType.Length > 0;

    public bool HasPreview => PreviewType.Length > 0;
}

/// <summary>Why a file cannot be used, to be said again.</summary>
public sealed record FileRefusal(string Code, string Detail, string Field);
