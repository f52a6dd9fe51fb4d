using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Files;

/// <summary>
/// Who may see a file: its owner, and the present members of each conversation that it was sent to. Pictures of users and groups are for
/// everybody in the project.
/// </summary>
public sealed class FileAudience(FileStore files, ConversationStore conversations, GroupStore groups, UserService users)
    : IFileMessageStep
{
    public async Task<bool> MaySeeAsync(MediaViewer viewer, StoredFile file, CancellationToken cancellationToken) =>
        file.Kind == FileKind.Photo
        || viewer.User is not { } identity
        || (await users.FindRecentAsync(identity.Key, cancellationToken) is { DisabledAt: null } user && user.Uid == identity.Uid
            && await MaySeeAsync(user, file, cancellationToken));

    /// <summary>
    /// Somebody who forwards a file shares it with the conversation, if they may see it themselves. This is noted before the message is
    /// stored: whoever gets the message can open its file.
    /// </summary>
    public async Task SendingAsync(
        ConversationKey conversation, IReadOnlyList<Member> members, MessageDraft draft, bool isNew, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal) { FileKey.FileOf(draft.Thumbnail) };
        _ = isNew ? keys.Remove(FileKey.FileOf(draft.Data)) : keys.Add(FileKey.FileOf(draft.Data));
        foreach (var key in keys.Where(FileKey.IsValid))
        {
            var file = await files.FindAsync(conversation.ProjectId, ChatKeys.FileId(conversation.ProjectId, key), cancellationToken);
            if (file is { State: FileState.Stored or FileState.Done, Kind: not FileKind.Photo }
                && await MaySeeAsync(
                    new MediaViewer(new UserIdentity(conversation.ProjectId, draft.From, draft.FromUid)), file, cancellationToken))
            {
                await files.ForwardAsync(
                    file, new FileForward(conversation.Id, [.. members.Select(member => member.Uid)]), cancellationToken);
            }
        }
    }

    private async Task<bool> MaySeeAsync(User user, StoredFile file, CancellationToken cancellationToken)
    {
        if (file.OwnerUid == user.Uid || await WasSentToAsync(user, file, cancellationToken))
        {
            return true;
        }

        foreach (var forward in await files.ForwardsAsync(file, cancellationToken))
        {
            if (forward.Uids.Contains(user.Uid, StringComparer.Ordinal)
                || await IsInGroupAsync(user, new(file.ProjectId, forward.ConversationId), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

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
