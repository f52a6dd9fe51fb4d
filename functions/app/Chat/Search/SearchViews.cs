using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Search;

/// <summary>Which messages of a conversation a user sees, as it is now.</summary>
public sealed class SearchViews(ConversationStore conversations, GroupReader groups)
{
    /// <summary>A group's head and the user's row, or a head with its marks.</summary>
    public const int MaxRequests = 2;

    /// <summary>
    /// Null for a conversation of which the user sees nothing: they are no member, it was deleted, or they have blocked the other or the
    /// group.
    /// </summary>
    public async Task<Func<long, bool>?> FindAsync(Caller caller, ConversationKey key, CancellationToken cancellationToken)
    {
        if (!key.IsGroup)
        {
            return await conversations.ReadMarksAsync(key, cancellationToken) is { } view
                && view.Head.IndexOf(caller.Sender.Uid) is >= 0 and var own && !view.Head.Members[own].Blocks
                    ? view.MarkOf(caller.Sender.Uid).State.Sees
                    : null;
        }

        try
        {
            var window = await groups.GetWindowAsync(caller, key, cancellationToken, orEnded: true);
            return window.Member.Blocked ? null : window.Sees;
        }
        catch (VoxException e) when (e.Error == Errors.NotAMember || e.Error == Errors.GroupNotFound)
        {
            return null;
        }
    }
}
