using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Files;

/// <summary>
/// Who may see a file: its owner, and the present members of each conversation that it was sent to. Pictures of users and groups are for
/// everybody in the project. So are files that were sent first and then chosen as a picture: apps written for the original do that.
/// </summary>
public sealed class FileAudience(
    FileStore files, ConversationStore conversations, GroupStore groups, RecentStore recents, UserService users, IMediaManagers managers,
    TimeProvider time)
    : IFileMessageStep, IPictureStep
{
    public async Task<bool> MaySeeAsync(MediaViewer viewer, StoredFile file, CancellationToken cancellationToken)
    {
        if (viewer.User is not { } identity)
        {
            return viewer.ManagerId is { } manager && await managers.MaySeeFilesAsync(file.ProjectId, manager, cancellationToken);
        }

        return await users.FindRecentAsync(identity.Key, cancellationToken) is { } user && !user.IsShutOut(time.GetUtcNow())
            && user.Uid == identity.Uid
            && (file.Kind == FileKind.Photo || await MaySeeAsync(user, file, cancellationToken));
    }

    /// <summary>Somebody who forwards a file shares it with the conversation, if they may see it themselves.</summary>
    public async Task SentAsync(
        ConversationKey conversation, IReadOnlyList<Member> members, MessageDraft draft, bool isNew, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal) { FileKey.FileOf(draft.Thumbnail) };
        _ = isNew ? keys.Remove(FileKey.FileOf(draft.Data)) : keys.Add(FileKey.FileOf(draft.Data));
        var sender = new MediaViewer(new UserIdentity(conversation.ProjectId, draft.From, draft.FromUid));
        foreach (var key in keys.Where(FileKey.IsValid))
        {
            var file = await files.FindAsync(conversation.ProjectId, ChatKeys.FileId(conversation.ProjectId, key), cancellationToken);
            if (file is { State: not FileState.Refused, Kind: not FileKind.Photo } && await MaySeeAsync(sender, file, cancellationToken))
            {
                await files.ForwardAsync(
                    file, new FileForward(conversation.Id, [.. members.Select(member => member.Uid)]), cancellationToken);
            }
        }
    }

    /// <summary>A file becomes a picture only by its owner's choice. It stays one when they choose another.</summary>
    public async Task ChosenAsync(UserIdentity by, string key, CancellationToken cancellationToken)
    {
        var fileKey = FileKey.FileOf(key);
        var file = FileKey.IsValid(fileKey)
            ? await files.FindAsync(by.ProjectId, ChatKeys.FileId(by.ProjectId, fileKey), cancellationToken)
            : null;
        if (file is { State: FileState.Stored or FileState.Done, Kind: not FileKind.Photo } && file.OwnerUid == by.Uid)
        {
            await files.ForwardAsync(file, new FileForward(FileForward.Everybody, []), cancellationToken);
        }
    }

    private async Task<bool> MaySeeAsync(User user, StoredFile file, CancellationToken cancellationToken) =>
        file.OwnerUid == user.Uid
        || await WasSentToAsync(user, file, cancellationToken)
        || await WasForwardedToAsync(user, file, cancellationToken);

    private async ValueTask<bool> WasSentToAsync(User user, StoredFile file, CancellationToken cancellationToken)
    {
        if (file.Claim is not { To: { Length: > 0 } to })
        {
            return false;
        }

        if (file.ConversationId.Length > 0)
        {
            return file.ConversationId == ConversationKey.Between(file.ProjectId, file.OwnerUid, user.Uid).Id
                || await IsInGroupAsync(user, new(file.ProjectId, file.ConversationId), cancellationToken);
        }

        // The message is being sent, or the file is from before this was kept. A later user with the same login id is not meant.
        return (to == user.LoginId && user.CreatedAt <= file.CreatedAt)
            || (ConversationKey.IsGroupId(to) && await IsInGroupAsync(user, new(file.ProjectId, to), cancellationToken));
    }

    private async Task<bool> WasForwardedToAsync(User user, StoredFile file, CancellationToken cancellationToken)
    {
        var forwards = await files.ForwardsAsync(file, cancellationToken);
        if (forwards.Any(forward =>
            forward.ConversationId == FileForward.Everybody || forward.Uids.Contains(user.Uid, StringComparer.Ordinal)))
        {
            return true;
        }

        // Somebody may have forwarded it to many groups. Only the user's own count, and those are few.
        var toGroups = forwards.Select(forward => forward.ConversationId).Where(id => new ConversationKey(file.ProjectId, id).IsGroup)
            .ToHashSet(StringComparer.Ordinal);
        if (toGroups.Count > 0)
        {
            foreach (var group in await recents.ListGroupsAsync(user.Identity, cancellationToken))
            {
                if (toGroups.Contains(group.ConversationId)
                    && await IsInGroupAsync(user, new(file.ProjectId, group.ConversationId), cancellationToken))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<bool> IsInGroupAsync(User user, ConversationKey key, CancellationToken cancellationToken)
    {
        if (!key.IsGroup)
        {
            return false;
        }

        var head = conversations.FindHeadAsync(key, cancellationToken);
        var member = await groups.FindMemberAsync(key, user.LoginId, cancellationToken);
        return await head is { Closed: false } && member?.Is(user.Uid) == true;
    }
}
