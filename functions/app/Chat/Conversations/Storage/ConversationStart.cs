using Vox.Chat.Contacts;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What a direct conversation needs before its first message.</summary>
public sealed class ConversationStart(RecentStore recents, ContactStore contacts, TimeProvider time)
{
    /// <summary>
    /// The head of a conversation that nobody has written to. A block may exist already: it applies to login ids, and a new user may have
    /// the login id of a former one.
    /// </summary>
    public async Task<ConversationHead> NewHeadAsync(ConversationTarget target)
    {
        var members = target.Members;
        if (members is [var one, var two])
        {
            var blocks = await Task.WhenAll(
                contacts.IsBlockedAsync(new(target.Key.ProjectId, one.LoginId, one.Uid), two.LoginId, CancellationToken.None),
                contacts.IsBlockedAsync(new(target.Key.ProjectId, two.LoginId, two.Uid), one.LoginId, CancellationToken.None));
            members = [one with { Blocks = blocks[0] }, two with { Blocks = blocks[1] }];
        }

        return new ConversationHead(members, 0, 0, Closed: false, Version: null)
        {
            Epochs = ConversationEpoch.First(time.GetUtcNow()),
        };
    }

    /// <summary>Adds the conversation to its members' lists before its first message. A list entry without messages is not shown.</summary>
    public async Task ListAsync(ConversationTarget target)
    {
        var members = target.Members;
        var pairs = members.Count == 1 ? [(members[0], members[0])] : new[] { (members[0], members[1]), (members[1], members[0]) };
        await Task.WhenAll(pairs.Select(pair =>
            recents.AddAsync(target.Key.ProjectId, pair.Item1, target.Key, pair.Item2, CancellationToken.None)));
    }
}
