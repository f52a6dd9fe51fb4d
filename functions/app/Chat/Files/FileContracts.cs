using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;

namespace Vox.Chat.Files;

/// <summary><c>POST /api/v1/files</c>: announces an upload.</summary>
/// <param name="Name">The file's original name, at most 1,024 characters.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ContentType">The content type that the client assumes.</param>
/// <param name="Kind">
/// <c>file</c> (default), <c>photo</c> for pictures of users and groups, <c>thumbnail</c> for a picture of another file.
/// </param>
/// <param name="Key">
/// Chosen by the client: 15 random letters and digits, <c>_</c>, and the sanitised name. The same key again returns the same upload.
/// </param>
public sealed record BeginUploadRequest(string? Name, long Size, string? ContentType = null, string? Kind = null, string? Key = null);

/// <summary>Where to upload to, also after <c>renew</c>.</summary>
/// <param name="Id">For renew, complete and cancel.</param>
/// <param name="Url">Lets the client write this one blob (Put Block, Put Blob), and nothing else, until it expires.</param>
/// <param name="BlockSize">
/// Bytes of a block. A block's id is the base64 of its number in eight digits, starting with <c>00000000</c>.
/// </param>
/// <param name="ExpiresAt">When the address expires, Unix ms. Renew before then.</param>
/// <param name="ResumableUntil">When the upload is swept, Unix ms.</param>
/// <param name="Blocks">Numbers of the blocks that have arrived.</param>
public sealed record UploadResponse(
    string Id, string Key, string Url, int BlockSize, long ExpiresAt, long ResumableUntil, IReadOnlyList<int> Blocks);

/// <summary><c>POST /api/v1/files/{id}/complete</c>. A repeated call gets the same answer and does not send again.</summary>
/// <param name="To">The recipient. Absent when the file is not sent and the key is used otherwise (a photo).</param>
/// <param name="Type">4 image, 5 video, 7 document (default).</param>
/// <param name="ClientMessageId">As for sending a message.</param>
/// <param name="ThumbnailUrl">Storage key of a thumbnail, used when the server makes none.</param>
/// <param name="ThumbnailUpload">Id of an upload of kind <c>thumbnail</c>, a frame of the video. It is checked, scaled and used up.</param>
/// <param name="Reports">False: nobody is told when the message was delivered and read. Default true.</param>
public sealed record CompleteUploadRequest(
    string? To = null,
    int Type = 7,
    string? ClientMessageId = null,
    string? ThumbnailUrl = null,
    string? ThumbnailUpload = null,
    long ClientTime = 0,
    long ClientSequence = 0,
    bool? Reports = null)
{
    /// <summary>As for sending a message: the sequence of the message that it answers.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>As for sending a message: the sequence of the message whose thread it goes into.</summary>
    public long? Thread { get; init; }

    /// <summary>As for sending a message: login ids of the members whom it mentions, at most 50.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>As for sending a message: it mentions everybody in the group.</summary>
    public bool? MentionsAll { get; init; }

    /// <summary>As for sending a message: the app's own JSON object, at most 4,096 bytes in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Custom { get; init; }

    /// <summary>As for sending a message: apps announce it without a sound.</summary>
    public bool? Silent { get; init; }
}

/// <param name="Type">The type that was sent: 7 (document) when the content is not what was claimed.</param>
/// <param name="ContentType">Judged by the content, not by name or claim.</param>
/// <param name="Thumbnail">Key of the thumbnail, at most 200 px.</param>
/// <param name="Preview">Key of the preview, at most 1,280 px.</param>
/// <param name="Reason">
/// Why there is no thumbnail or why it is a document: <c>image_unsupported</c>, <c>image_corrupt</c>, <c>image_too_many_bytes</c>,
/// <c>image_too_many_pixels</c>, <c>image_too_many_frames</c>, <c>image_too_slow</c>, <c>not_an_image</c>, <c>not_a_video</c>,
/// <c>thumbnail_refused</c>.
/// </param>
public sealed record CompleteUploadResponse(
    string Key,
    long Size,
    int Type,
    string ContentType,
    string? Thumbnail,
    string? Preview,
    int? Width,
    int? Height,
    string? Reason,
    SendMessageResponse? Message);

/// <summary><c>GET /api/v1/media/prefix</c></summary>
/// <param name="Prefix">
/// Prefix + key is the address of a file, thumbnail or preview, as long as the caller may see it. Do not share it: it shows others what
/// the caller sees.
/// </param>
/// <param name="Path">The prefix without the host, for clients that know how they reach the API.</param>
internal sealed record MediaPrefixResponse(string Prefix, string Path);
