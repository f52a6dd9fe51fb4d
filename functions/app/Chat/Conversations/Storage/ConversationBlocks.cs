using Vox.Chat.Contacts;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Notes in the conversation's head who has blocked whom. There a send finds it without a further request.</summary>
internal sealed class ConversationBlocks(ConversationStore conversations, ContactStore contacts, TimeProvider time) : IBlockStep
{
    public async Task BlockedAsync(Caller caller, User other, bool blocked, CancellationToken cancellationToken)
    {
        var projectId = caller.Project.Id;
        // This may create the head, which must also know the other user's block. It may be older: blocks go by login id, not by uid.
        var blocksMe = blocked && await contacts.IsBlockedAsync(other.Identity, caller.LoginId, cancellationToken);
        await conversations.ChangeHeadAsync(
            ConversationKey.Between(projectId, caller.Sender.Uid, other.Uid),
            head => WithBlock(head ?? NewHead(caller, other, blocksMe), caller, blocked),
            cancellationToken);
    }

    private ConversationHead NewHead(Caller caller, User other, bool blocksMe) => new(
        [new Member(caller.LoginId, caller.Sender.Uid), new Member(other.LoginId, other.Uid, Blocks: blocksMe)], 0, 0, Closed: false,
        Version: null)
    {
        Epochs = ConversationEpoch.First(time.GetUtcNow()),
    };

    private static ConversationHead? WithBlock(ConversationHead head, Caller caller, bool blocked)
    {
        var members = head.Members.ToArray();
        var own = head.IndexOf(caller.Sender.Uid);
        if (members[own].Blocks == blocked)
        {
            return null;
        }

        members[own] = members[own] with { Blocks = blocked };
        return head with { Members = members };
    }
}
