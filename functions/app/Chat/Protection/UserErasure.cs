using Vox.Chat.ChatLogs;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Files;
using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Protection;

/// <summary>What a search has done.</summary>
/// <param name="IsOver">Everything was searched. Otherwise it goes on after the cursor.</param>
/// <param name="IsHeld">Something was left out because of a legal hold.</param>
public sealed record ErasureSearch(Erasure Erasure, bool IsOver, bool IsHeld);

/// <summary>
/// Erases a user. Their own rows and files go as with every deletion. What they wrote goes wherever it stands, and their login id is
/// replaced wherever others have it.
/// </summary>
public sealed class UserErasure(
    UserStore users, UserRemoval removal, RecentStore recents, ConversationErasureStore messages, ConversationSearchStore search,
    ConversationStore conversations, ConversationHolds conversationHolds, ChatLogErasureStore log, HoldStore holds, FileStore files,
    ContactStore contacts, UsageStore usage, GroupWorkStore groupWork, GroupMembership membership, ErasureStore store,
    IEnumerable<IErasureStep> steps, TimeProvider time)
{
    private const string InLog = "log ";
    private const string HeldMark = "held ";

    /// <summary>A run of the timer must end before the platform ends it.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(3);

    /// <summary>Erases what can be found without a search, and deletes the user.</summary>
    public async Task<Erasure> EraseKnownAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var identity = Identity(erasure);
        var found = identity.LoginId.Length == 0 ? null : await users.FindAsync(identity.Key, cancellationToken);
        var user = found?.Uid == erasure.Uid ? found : null;
        if (user is null && await FindByUidAsync(erasure, cancellationToken) is { } restored)
        {
            (user, erasure) = (restored, erasure with { Subject = restored.LoginId });
        }

        if (user is { DeletedAt: null })
        {
            // The request was cut off before it got to this, or an older state was restored.
            user = await removal.MarkAsync(user, cancellationToken);
        }

        if (user is null)
        {
            return erasure;
        }

        var held = await holds.ReadAsync(erasure.ProjectId, cancellationToken);
        foreach (var recent in await recents.ListAsync(user.Identity, cancellationToken))
        {
            var key = new ConversationKey(erasure.ProjectId, recent.ConversationId);
            if (!await conversationHolds.IsHeldAsync(held, key, cancellationToken))
            {
                await EraseAsync(erasure, key, cancellationToken);
            }
        }

        await removal.FinishAsync(user, cancellationToken);
        return erasure;
    }

    /// <summary>Searches the conversations and then the log of the whole project, for some minutes.</summary>
    public async Task<ErasureSearch> SearchAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var isHeld = erasure.Cursor.StartsWith(HeldMark, StringComparison.Ordinal);
        var cursor = isHeld ? erasure.Cursor[HeldMark.Length..] : erasure.Cursor;
        if (cursor.Length == 0)
        {
            // Counted anew, in what is left behind.
            erasure = erasure with { Counts = erasure.Counts with { Conversations = 0, Messages = 0, LogRows = 0 } };
        }

        if (!cursor.StartsWith(InLog, StringComparison.Ordinal))
        {
            await foreach (var key in search.FindAsync(erasure.ProjectId, erasure.Uid, cursor, cancellationToken))
            {
                // Read each time: a hold that was set a moment ago counts.
                var held = await holds.ReadAsync(erasure.ProjectId, cancellationToken);
                if (await conversationHolds.IsHeldAsync(held, key, cancellationToken))
                {
                    isHeld = true;
                }
                else
                {
                    await LeaveAsync(erasure, key);
                    erasure = await EraseAsync(erasure, key, cancellationToken);
                }

                if (time.GetElapsedTime(began) > Slice)
                {
                    return new ErasureSearch(At(erasure, isHeld, key.Partition), IsOver: false, isHeld);
                }
            }

            cursor = InLog;
        }

        if (await SearchLogAsync(erasure, cursor[InLog.Length..], began, cancellationToken) is var (searched, next) && next is not null)
        {
            return new ErasureSearch(At(searched, isHeld, InLog + next), IsOver: false, isHeld);
        }

        if (!isHeld)
        {
            searched = await EraseTracesAsync(searched, cancellationToken);
        }

        return new ErasureSearch(searched, IsOver: true, isHeld);
    }

    /// <summary>Begins an erasure for each user who had the login id and is gone.</summary>
    public async Task SplitAsync(Erasure erasure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var present = await users.FindAsync(new(erasure.ProjectId, erasure.Subject), cancellationToken);
        foreach (var uid in await search.UidsOfAsync(erasure.ProjectId, erasure.Subject, cancellationToken))
        {
            if (uid != present?.Uid)
            {
                await store.AddAsync(
                    erasure with
                    {
                        // The same id when this is repeated.
                        Id = $"{erasure.Id}-{KeyText.Digest(uid)[..8]}",
                        Uid = uid,
                        Pseudonym = Erased.NewPseudonym(),
                        Counts = new ErasureCounts(Users: 1),
                        DueAt = now,
                    },
                    cancellationToken);
            }
        }
    }

    private async Task<User?> FindByUidAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        // Only after a restore is the name not known here.
        if (erasure.Subject.Length > 0)
        {
            return null;
        }

        await foreach (var user in users.ListAsync(erasure.ProjectId, null, "", 1_000, cancellationToken))
        {
            if (user.Uid == erasure.Uid)
            {
                return user;
            }
        }

        return null;
    }

    private async Task<Erasure> EraseAsync(Erasure erasure, ConversationKey key, CancellationToken cancellationToken)
    {
        if (erasure.Subject.Length == 0 && await NameInAsync(key, erasure, cancellationToken) is { } name)
        {
            erasure = erasure with { Subject = name };
        }

        var user = new ErasedUser(erasure.Id, erasure.Uid, erasure.Subject, erasure.Pseudonym);
        var (emptied, references) = await messages.EraseUserAsync(
            key, user, file => RenameRecipientAsync(erasure, file, cancellationToken), cancellationToken);
        var counts = erasure.Counts;
        return erasure with
        {
            Counts = counts with
            {
                Conversations = counts.Conversations + (emptied > 0 ? 1 : 0),
                Messages = counts.Messages + emptied,
                References = counts.References + references,
            },
        };
    }

    /// <summary>The user may have been made a member while they were being deleted, or an older state was restored.</summary>
    private async Task LeaveAsync(Erasure erasure, ConversationKey key)
    {
        if (!key.IsGroup || erasure.Subject.Length == 0)
        {
            return;
        }

        try
        {
            var actor = new GroupActor(erasure.ProjectId, new Sender(erasure.Subject, erasure.Uid), null);
            await membership.LeaveAsync(actor, key, erase: true);
        }
        catch (VoxException e) when (e.Error == Errors.GroupNotFound)
        {
            // The group was deleted.
        }
    }

    private async Task<string?> NameInAsync(ConversationKey key, Erasure erasure, CancellationToken cancellationToken) =>
        (await conversations.FindHeadAsync(key, cancellationToken))?.Members.FirstOrDefault(member => member.Uid == erasure.Uid)?.LoginId
            is { } name && name != erasure.Pseudonym
            ? name
            : await search.NameInAsync(key, erasure.Uid, erasure.Pseudonym, cancellationToken);

    /// <summary>Files that others sent to the user have the user's name as well.</summary>
    private Task RenameRecipientAsync(Erasure erasure, NamedFile file, CancellationToken cancellationToken) => file.IsOwn
        ? Task.CompletedTask
        : files.RenameRecipientAsync(
            erasure.ProjectId, ChatKeys.FileId(erasure.ProjectId, file.Key), erasure.Subject, erasure.Pseudonym, cancellationToken);

    private async Task<(Erasure Erasure, string? Next)> SearchLogAsync(
        Erasure erasure, string after, long began, CancellationToken cancellationToken)
    {
        if (erasure.Subject.Length == 0)
        {
            // Nothing of the user is left in any conversation, nor their name. So the log has nothing that could be found.
            return (erasure, null);
        }

        var (next, before) = ((string?)null, erasure.Counts.LogRows);
        var held = await holds.ReadAsync(erasure.ProjectId, cancellationToken);
        var emptied = await log.EraseAsync(
            new LogErasure(
                erasure.ProjectId, erasure.Id, erasure.Subject, erasure.Pseudonym, "",
                (key, sequences) => OwnInLogAsync(erasure, held, key, sequences, cancellationToken)),
            after,
            (partition, _) =>
            {
                next = time.GetElapsedTime(began) > Slice ? partition : null;
                return next is null;
            },
            cancellationToken);
        return (erasure with { Counts = erasure.Counts with { LogRows = before + emptied } }, next);
    }

    private async Task<(IReadOnlySet<long> Own, bool IsMember)> OwnInLogAsync(
        Erasure erasure, HoldSet held, ConversationKey key, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        if (await conversationHolds.IsHeldAsync(held, key, cancellationToken))
        {
            return (new HashSet<long>(), false);
        }

        var own = await search.SequencesOfAsync(key, erasure.Uid, sequences.Min(), sequences.Max(), cancellationToken);
        var isMember = !key.IsGroup && await conversations.FindHeadAsync(key, cancellationToken) is { } head
            && head.IndexOf(erasure.Uid) >= 0;
        return (own, isMember);
    }

    /// <summary>What stands elsewhere. It ends with the note of the deletion, which has the name too.</summary>
    private async Task<Erasure> EraseTracesAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        await usage.ForgetUserAsync(
            erasure.ProjectId, KeyText.Digest(erasure.Uid), KeyText.Digest(erasure.Pseudonym), cancellationToken);
        if (erasure.Subject.Length == 0)
        {
            return erasure;
        }

        var identity = Identity(erasure);
        await groupWork.RemoveAsync(identity, cancellationToken);

        // If somebody else has the login id by now, it is their name, and others mean them.
        var references = await users.FindAsync(identity.Key, cancellationToken) is null
            ? await contacts.ForgetAsync(identity.Key, cancellationToken)
            : 0;
        foreach (var step in steps)
        {
            await step.EraseUserAsync(erasure.ProjectId, erasure.Subject, erasure.Pseudonym, cancellationToken);
        }

        await removal.SweepAsync(new UserDeletion(identity, null), cancellationToken);
        return erasure with { Counts = erasure.Counts with { References = erasure.Counts.References + references } };
    }

    private static Erasure At(Erasure erasure, bool isHeld, string cursor) =>
        erasure with { Cursor = (isHeld ? HeldMark : "") + cursor };

    private static UserIdentity Identity(Erasure erasure) => new(erasure.ProjectId, erasure.Subject, erasure.Uid);
}
