using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Push;

/// <summary>Somebody who is to be told.</summary>
/// <param name="Message">The newest that they may be told of.</param>
/// <param name="To">Whom they write to in the conversation: the other user or the group.</param>
/// <param name="Group">The group's name; null between two users.</param>
public sealed record PushRecipient(UserIdentity User, Message Message, string To, string? Group);

/// <param name="Next">The page to go on with; null for none.</param>
internal sealed record PushMemberPage(IReadOnlyList<PushRecipient> Recipients, string? Next);

/// <summary>
/// Reads who is in a conversation and has not read the messages, has not muted it, and sees them. A mention goes through a mute.
/// </summary>
public sealed class PushMembers(
    ConversationStore conversations, GroupStore groups, AudienceStore audience, IOptions<GroupOptions> options, TimeProvider time)
{
    /// <summary>Members of a group that one message of the queue is about.</summary>
    public const int Page = 200;

    private const string InAudience = "a";

    internal async Task<PushMemberPage> ReadAsync(PushTask task, CancellationToken cancellationToken)
    {
        var key = new ConversationKey(task.Project, task.Conversation);
        var wanted = task.Sequences.ToHashSet();
        var reading = conversations.ReadRangeAsync(
            key, Math.Max(task.Sequences[0], task.Sequences[^1] - PushTask.MaxSequences + 1), task.Sequences[^1], cancellationToken);
        if (key.IsGroup)
        {
            return await GroupAsync(task, key, wanted, reading, cancellationToken);
        }

        var view = await conversations.ReadMarksAsync(key, cancellationToken);
        var messages = (await reading).FindAll(message => wanted.Contains(message.Sequence) && !message.IsGone);
        if (view is null or { Head.Members.Count: < 2 })
        {
            return new([], null);
        }

        return new(
            [
                .. view.Head.Members.Where(member => !member.Blocks && (task.User is null || task.User == member.LoginId))
                    .Select(member => (Member: member, Message: Newest(
                        messages, member.LoginId, member.Uid, view.Marks.GetValueOrDefault(member.Uid, Mark.None), member.LastOwn, 1)))
                    .Where(one => one.Message is not null)
                    .Select(one => new PushRecipient(
                        new(key.ProjectId, one.Member.LoginId, one.Member.Uid), one.Message!,
                        view.Head.OtherThan(one.Member.Uid).LoginId, null)),
            ],
            null);
    }

    private async Task<PushMemberPage> GroupAsync(
        PushTask task, ConversationKey key, HashSet<long> wanted, Task<List<Message>> reading, CancellationToken cancellationToken)
    {
        var finding = conversations.FindHeadAsync(key, cancellationToken);
        var (members, next) = await MembersAsync(task, key, cancellationToken);
        var messages = (await reading).FindAll(message => wanted.Contains(message.Sequence) && !message.IsGone);
        if (await finding is not { Group: { } group, Closed: false } || messages.Count == 0)
        {
            return new([], null);
        }

        var all = options.Value.History == GroupHistory.All;
        return new(
            [
                .. members.Where(member => !member.Left && !member.Blocked)
                    .Select(member => (Member: member, Message: Newest(
                        messages, member.LoginId, member.Uid, member.Mark, member.LastOwn, all ? 1 : member.JoinedSequence + 1)))
                    .Where(one => one.Message is not null)
                    .Select(one => new PushRecipient(one.Member.In(key), one.Message!, key.Id, group.Name)),
            ],
            next);
    }

    /// <summary>
    /// First those whose rows are in the conversation, then the audience of a broadcast group. <c>u|aalice</c>: after this row of the
    /// conversation; <c>a</c>, <c>aalice</c>: after alice in the audience.
    /// </summary>
    private async Task<(List<GroupMember> Members, string? Next)> MembersAsync(
        PushTask task, ConversationKey key, CancellationToken cancellationToken)
    {
        if (task.User is { } user)
        {
            return (await groups.FindMemberAsync(key, user, cancellationToken) is { } member ? [member] : [], null);
        }

        if (task.After.StartsWith(InAudience, StringComparison.Ordinal))
        {
            var after = task.After[InAudience.Length..];
            var page = await audience.ReadPageAsync(key, after.Length > 0 ? after : null, Page, cancellationToken);
            return (page, page.Count < Page ? null : InAudience + page[^1].LoginId);
        }

        var own = await groups.ReadPageAsync(key, task.After, Page, cancellationToken);
        return (own, own.Count == Page ? ChatKeys.GroupMember(own[^1].LoginId) : key.IsBroadcast ? InAudience : null);
    }

    /// <summary>The newest message that the member has not read and may be told of.</summary>
    private Message? Newest(List<Message> messages, string loginId, string uid, Mark mark, long lastOwn, long first)
    {
        var muted = mark.State.MutedUntil == -1 || mark.State.MutedUntil > time.GetUtcNow().ToUnixTimeMilliseconds();
        return messages.Find(message =>
            message.Draft.FromUid != uid && message.Sequence >= first && message.Sequence > Math.Max(mark.Read, lastOwn)
            && mark.State.Sees(message.Sequence)
            && (!muted || message.Draft.Mentions.Contains(loginId, StringComparer.Ordinal)));
    }
}
