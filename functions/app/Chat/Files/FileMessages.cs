using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.Files;

/// <summary>The messages with which files are sent.</summary>
internal static class FileMessages
{
    /// <param name="content">What the file turned out to be; null as long as only the client knows.</param>
    public static SendMessageRequest Request(StoredFile file, FileClaim claim, FileContent? content) => new(
        claim.To, file.Key, (int)(content?.Type ?? claim.Type), content?.ContentType, claim.MessageId, claim.ClientTime,
        claim.ClientSequence,
        content is { HasThumbnail: true } ? FileKey.ThumbnailPrefix + file.Key
            : claim.ThumbnailUrl.Length > 0 ? claim.ThumbnailUrl
            : null,
        content?.Size ?? file.Size,
        claim.Reports ? null : false)
    {
        ReplyTo = claim.Fields is { ReplyTo: > 0 and var replyTo } ? replyTo : null,
        Thread = claim.Fields is { Thread: > 0 and var thread } ? thread : null,
        Mentions = claim.Fields?.Mentions,
        MentionsAll = claim.Fields?.MentionsAll,
        Custom = JsonObjectText.Read(claim.Fields?.Custom ?? "") ?? default,
        Silent = claim.Fields?.Silent,
    };

    /// <summary>What the client writes of the message besides the file, checked as for any message.</summary>
    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static FileMessageFields? Fields(CompleteUploadRequest request)
    {
        if (request.To is not { Length: > 0 } to)
        {
            return null;
        }

        SendFieldChecks.CheckMentionsAll(to, request.MentionsAll);
        var fields = new FileMessageFields(
            SendFieldChecks.ReplyTo(request.ReplyTo), SendFieldChecks.Mentions(to, request.Mentions), request.MentionsAll ?? false,
            JsonObjectText.Check(request.Custom, "custom", SendFieldChecks.MaxCustomBytes) ?? "", request.Silent ?? false)
        {
            Thread = SendFieldChecks.ReplyTo(request.Thread, "thread"),
        };
        return fields is { ReplyTo: 0, Thread: 0, Mentions.Count: 0, MentionsAll: false, Custom: "", Silent: false } ? null : fields;
    }
}
