using Vox.Chat.Conversations.Storage;
using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Files;

/// <summary>
/// Removes files. Each step can be repeated, and the lists that a removal works through are shortened last. So the next run does the rest
/// of a removal that was cut off at any point.
/// </summary>
public sealed class FileRemoval(
    FileStore store, UploadBlobs uploads, FileBlobs blobs, FileMeter meter, HoldStore holds, ConversationHolds conversationHolds)
    : IUserRemovalStep, IProjectRemovalStep
{
    private const int Page = 200;

    /// <summary>
    /// Removes the bytes of a file wherever they are, and what was counted for them. The upload is closed, so no more can come.
    /// </summary>
    public async Task CloseAsync(StoredFile file, CancellationToken cancellationToken)
    {
        await uploads.CloseAsync(file.Blob, cancellationToken);
        await blobs.RemoveAsync(file.Blob, cancellationToken);
        await meter.RemoveAsync(file.ProjectId, file.OwnerUid, file.Id, cancellationToken);
    }

    /// <summary>Removes a file with everything known about it. From the first step on, nobody finds it any more.</summary>
    /// <returns>True only for the caller who removed it: of several who try at once, one.</returns>
    public async Task<bool> RemoveFileAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken)
    {
        var removed = false;

        // Two users may have tried the same key. The file belongs to the first. Without one, an earlier removal may have been cut off.
        if (await store.FindAsync(projectId, fileId, cancellationToken) is not { } file || file.OwnerUid == uid)
        {
            removed = await store.RemoveAsync(projectId, fileId, cancellationToken);
        }

        var blob = ChatKeys.FileBlob(projectId, uid, fileId);
        await uploads.RemoveAsync(blob, cancellationToken);
        await blobs.RemoveAsync(blob, cancellationToken);
        await meter.RemoveAsync(projectId, uid, fileId, cancellationToken);
        await store.RemoveOwnedAsync(projectId, uid, fileId, cancellationToken);
        return removed;
    }

    /// <summary>Removes a user's files, except those that they sent to a conversation under a legal hold.</summary>
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var held = await holds.ReadAsync(user.ProjectId, cancellationToken);
        if (!held.IsEmpty)
        {
            await RemoveFreeAsync(user, held, cancellationToken);
            return;
        }

        while (await store.OwnedAsync(user.ProjectId, user.Uid, Page, cancellationToken) is { Count: > 0 } page)
        {
            await RemoveAllAsync(user.ProjectId, page.Select(id => (user.Uid, id)), cancellationToken);
        }
    }

    public async Task<bool> KeepsAsync(User user, CancellationToken cancellationToken) =>
        !(await holds.ReadAsync(user.ProjectId, cancellationToken)).IsEmpty
        && (await store.OwnedAsync(user.ProjectId, user.Uid, 1, cancellationToken)).Count > 0;

    private async Task RemoveFreeAsync(User user, HoldSet held, CancellationToken cancellationToken)
    {
        var after = "";
        while (await store.OwnedAsync(user.ProjectId, user.Uid, Page, cancellationToken, after) is { Count: > 0 } page)
        {
            after = page[^1];
            var free = new List<(string Uid, string Id)>();
            foreach (var id in page)
            {
                if (!await IsHeldAsync(held, user, id, cancellationToken))
                {
                    free.Add((user.Uid, id));
                }
            }

            await RemoveAllAsync(user.ProjectId, free, cancellationToken);
        }
    }

    private async Task<bool> IsHeldAsync(HoldSet held, User user, string fileId, CancellationToken cancellationToken)
    {
        if (held.HasUser(user.Uid))
        {
            return true;
        }

        if (await store.FindAsync(user.ProjectId, fileId, cancellationToken) is not { } file)
        {
            return false;
        }

        var conversations = (await store.ForwardsAsync(file, cancellationToken)).Select(forward => forward.ConversationId)
            .Append(file.ConversationId).Where(id => id.Length > 0 && id != FileForward.Everybody);
        foreach (var id in conversations)
        {
            if (await conversationHolds.IsHeldAsync(held, new(user.ProjectId, id), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes all files of a project. Its storage days stay, for the last invoice.</summary>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        while (await store.OfProjectAsync(projectId, Page, cancellationToken) is { Count: > 0 } page)
        {
            await RemoveAllAsync(projectId, page, cancellationToken);
        }
    }

    private Task RemoveAllAsync(string projectId, IEnumerable<(string Uid, string Id)> page, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            page,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (file, token) => await RemoveFileAsync(projectId, file.Uid, file.Id, token));
}
