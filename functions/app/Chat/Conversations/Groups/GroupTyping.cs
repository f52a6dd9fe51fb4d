using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Caching;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Whether somebody may be heard typing in a group. The answer may be some seconds old, because nothing depends on it.</summary>
public sealed class GroupTyping(GroupStore groups, ConversationStore conversations, TimeProvider time)
{
    private readonly ExpiringCache<(ConversationKey Key, string LoginId), bool> members = new(20_000, TimeSpan.FromSeconds(10), time);

    public async ValueTask<bool> MayTypeAsync(ConversationKey key, string loginId, CancellationToken cancellationToken)
    {
        if (!members.TryGet((key, loginId), out var may))
        {
            may = await groups.FindMemberAsync(key, loginId, cancellationToken) is { Left: false }
                && await conversations.FindHeadAsync(key, cancellationToken) is { Closed: false };
            members.Set((key, loginId), may);
        }

        return may;
    }
}
