using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A member's view of the messages of a group.</summary>
/// <param name="Messages">Newest first. Those that the member has deleted for themselves are among them.</param>
public sealed record GroupPageView(GroupWindow Window, IReadOnlyList<Message> Messages);

/// <summary>Reads groups and their messages for members and, up to where they left, former members.</summary>
public sealed class GroupReader(
    ConversationStore conversations, GroupStore groups, ConversationTips tips, IOptions<GroupOptions> options)
{
    private const int MaxRounds = 10;

    /// <summary>The newest messages that the caller sees: two requests.</summary>
    /// <returns>Null when there is no such group.</returns>
    /// <exception cref="VoxException">not_a_member</exception>
    public async Task<GroupPageView?> ReadNewestAsync(Caller caller, ConversationKey key, int take, CancellationToken cancellationToken)
    {
        if (await conversations.ReadNewestAsync(key, take, cancellationToken) is not { Head.Group: not null } view
            || (view.Head.Closed && !view.Head.IsEnded))
        {
            return null;
        }

        // Read after the messages: whoever is a member now was one when they were read.
        var window = Window(caller.Sender, view.Head, await groups.FindMemberAsync(key, caller.LoginId, cancellationToken));
        var messages = view.Newest;
        if (window.Last < view.Head.LastSequence)
        {
            messages = await conversations.ReadRangeAsync(
                key, Math.Max(window.First, window.Last - take + 1), window.Last, cancellationToken);
        }

        return new GroupPageView(window, [.. messages.Where(message => window.IsIn(message.Sequence))]);
    }

    /// <summary>A page further back; see <c>MessageReader.ReadAsync</c>.</summary>
    public async Task<GroupPageView?> ReadPageAsync(
        Caller caller, ConversationKey key, int before, int offset, int size, CancellationToken cancellationToken)
    {
        if (await FindHeadAsync(key, cancellationToken, orEnded: true) is not { } head)
        {
            return null;
        }

        var reading = groups.FindMemberAsync(key, caller.LoginId, cancellationToken);
        var window = Window(caller.Sender, head, await reading);
        var last = Math.Min(window.Last, before - 1L) - offset;
        return new GroupPageView(
            window, await conversations.ReadRangeAsync(key, Math.Max(window.FirstSeen, last - size + 1), last, cancellationToken));
    }

    /// <summary>What the caller sees of a group, without messages.</summary>
    /// <param name="orEnded">Also of one whose members have all left.</param>
    public Task<GroupWindow> GetWindowAsync(
        Caller caller, ConversationKey key, CancellationToken cancellationToken, bool orEnded = false) =>
        GetWindowAsync(caller.Sender, key, cancellationToken, orEnded);

    /// <summary>What this user sees of a group, without messages.</summary>
    /// <param name="orEnded">Also of one whose members have all left.</param>
    public async Task<GroupWindow> GetWindowAsync(
        Sender sender, ConversationKey key, CancellationToken cancellationToken, bool orEnded = false)
    {
        var head = await FindHeadAsync(key, cancellationToken, orEnded) ?? throw GroupErrors.NoGroup();
        return Window(sender, head, await groups.FindMemberAsync(key, sender.LoginId, cancellationToken));
    }

    /// <summary>A tip for the member whose window this is; null for those who do not write.</summary>
    public string? CreateTip(ConversationKey key, GroupWindow window) =>
        window.Member is { Left: false } && window.Member.MayWrite(key, window.Info.Frozen)
        ? tips.CreateForGroup(key, window.Head, window.Member.Uid)
        : null;

    /// <summary>The group and all its members as they were at one moment.</summary>
    public async Task<(ConversationHead Head, List<GroupMember> Members)> ReadMembersAsync(
        ConversationKey key, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var head = await FindHeadAsync(key, cancellationToken) ?? throw GroupErrors.NoGroup();
            var members = await groups.ReadMembersAsync(key, cancellationToken);
            var version = head.Group!.Version;
            if ((members.Count == head.Group.MemberCount && members.TrueForAll(member => member.Since <= version)) || round == MaxRounds)
            {
                return (head, members);
            }
        }
    }

    private async Task<ConversationHead?> FindHeadAsync(ConversationKey key, CancellationToken cancellationToken, bool orEnded = false) =>
        await conversations.FindHeadAsync(key, cancellationToken) is { Group: not null } head && (!head.Closed || (orEnded && head.IsEnded))
            ? head
            : null;

    private GroupWindow Window(Sender sender, ConversationHead head, GroupMember? member)
    {
        if (member?.Uid != sender.Uid)
        {
            throw GroupErrors.NotAMember();
        }

        return new GroupWindow(
            head, member,
            options.Value.History == GroupHistory.All ? 1 : member.JoinedSequence + 1,
            member.Left ? Math.Min(member.LeftSequence, head.LastSequence) : head.LastSequence);
    }
}
