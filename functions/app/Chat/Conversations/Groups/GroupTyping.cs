using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Caching;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Who hears somebody typing in a group.</summary>
/// <param name="Everybody">All members, with one call to the live group. Otherwise only <paramref name="Users"/>.</param>
public sealed record TypingAudience(bool Everybody, IReadOnlyList<UserIdentity> Users)
{
    public static readonly TypingAudience All = new(true, []);
    public static readonly TypingAudience Nobody = new(false, []);
}

/// <summary>Finds who hears a user typing in a group. The answer may be some seconds old, because nothing depends on it.</summary>
public sealed class GroupTyping(GroupStore groups, ConversationStore conversations, ContactStore contacts, TimeProvider time)
{
    /// <summary>
    /// If a member has blocked the user who types, the others are told one by one. In larger groups nobody is told then: so many messages
    /// are not worth it.
    /// </summary>
    private const int MaxTold = 50;

    private readonly ExpiringCache<(ConversationKey Key, UserIdentity User), TypingAudience> known =
        new(20_000, TimeSpan.FromSeconds(10), time);

    public async ValueTask<TypingAudience> FindAudienceAsync(ConversationKey key, UserIdentity user, CancellationToken cancellationToken)
    {
        if (key.IsBroadcast)
        {
            // One of 100,000 who sees that an admin is typing costs as much as one who gets the message.
            return TypingAudience.Nobody;
        }

        if (!known.TryGet((key, user), out var audience))
        {
            audience = await LookUpAsync(key, user, cancellationToken);
            known.Set((key, user), audience);
        }

        return audience;
    }

    private async Task<TypingAudience> LookUpAsync(ConversationKey key, UserIdentity user, CancellationToken cancellationToken)
    {
        if (await groups.FindMemberAsync(key, user.LoginId, cancellationToken) is not { Left: false } own || !user.Is(own.Uid)
            || await conversations.FindHeadAsync(key, cancellationToken) is not { Closed: false, Group: { } group })
        {
            return TypingAudience.Nobody;
        }

        var blockers = await contacts.BlockersAsync(user.Key, cancellationToken);
        if (blockers.Count == 0)
        {
            return TypingAudience.All;
        }

        if (group.MemberCount > MaxTold && blockers.Count <= MaxTold)
        {
            // A look at each of a few blockers instead of all members.
            var rows = await ManyRequests.EachAsync(
                blockers, blocker => groups.FindMemberAsync(key, blocker.LoginId, cancellationToken), cancellationToken);
            return rows.OfType<GroupMember>().Any(member => !member.Left && blockers.Contains(member.In(key)))
                ? TypingAudience.Nobody
                : TypingAudience.All;
        }

        var members = await groups.ReadMembersAsync(key, cancellationToken);
        if (!members.Exists(member => blockers.Contains(member.In(key))))
        {
            return TypingAudience.All;
        }

        return members.Count > MaxTold
            ? TypingAudience.Nobody
            : new(false, [.. members.Where(m => !m.Blocked).Select(m => m.In(key)).Where(member => !blockers.Contains(member))]);
    }
}
