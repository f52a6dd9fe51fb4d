using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Files;

/// <summary>
/// The file of a message that was deleted for everyone goes with it, unless it was also sent in another message: then it stays for those.
/// </summary>
public sealed class DeletedFiles(FileStore files, FileRemoval removal) : IDeletedMessageStep
{
    public async Task DeletedAsync(
        ConversationKey conversation, IReadOnlyList<string> keys, string fromUid, CancellationToken cancellationToken)
    {
        foreach (var key in keys.Select(FileKey.FileOf).Distinct(StringComparer.Ordinal).Where(FileKey.IsValid))
        {
            var id = ChatKeys.FileId(conversation.ProjectId, key);
            if (await files.FindAsync(conversation.ProjectId, id, cancellationToken) is { Kind: not FileKind.Photo } file
                && file.OwnerUid == fromUid && (file.ConversationId.Length == 0 || file.ConversationId == conversation.Id)
                && (await files.ForwardsAsync(file, cancellationToken)).Count == 0)
            {
                await removal.RemoveFileAsync(conversation.ProjectId, file.OwnerUid, id, cancellationToken);
            }
        }
    }
}
