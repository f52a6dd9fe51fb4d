using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// What users have set for themselves: columns of their marks in table <c>conversations</c>, and of members of broadcast groups in table
/// <c>audience</c>.
/// </summary>
public sealed class PersonalStateStore(StorageClients storage)
{
    private readonly Table conversations = storage.ProjectTable("conversations");
    private readonly Table audience = storage.ProjectTable("audience");

    /// <summary>Between two users.</summary>
    /// <returns>False when the row has changed since it was read.</returns>
    public async Task<bool> TryChangeAsync(
        ConversationKey key, string uid, Mark before, PersonalState after, CancellationToken cancellationToken)
    {
        var row = PersonalStateRows.Add(new TableEntity(key.Partition, ChatKeys.Mark(uid)), after);
        return (before.Version is { } version
            ? await conversations.TryMergeAsync(row, version, cancellationToken)
            : await conversations.TryAddAsync(row, cancellationToken)) is not null;
    }

    /// <summary>In a group.</summary>
    /// <returns>False when the row has changed since it was read.</returns>
    public async Task<bool> TryChangeAsync(
        ConversationKey key, GroupMember member, PersonalState after, CancellationToken cancellationToken)
    {
        var (table, partition) = member.InAudience
            ? (audience, ChatKeys.Audience(key, member.LoginId))
            : (conversations, key.Partition);
        return await table.TryMergeAsync(
            PersonalStateRows.Add(new TableEntity(partition, ChatKeys.GroupMember(member.LoginId)), after), member.Version!.Value,
            cancellationToken) is not null;
    }

    /// <summary>What a user has set in a conversation with another one. For a reply: the sender sees what they quote.</summary>
    public async Task<PersonalState> FindAsync(ConversationKey key, string uid, CancellationToken cancellationToken) =>
        await conversations.FindAsync(key.Partition, ChatKeys.Mark(uid), cancellationToken) is { } row
            ? PersonalStateRows.Read(row)
            : PersonalState.None;

    /// <summary>Removes it when the user is erased. The mark stays: it says what was read of the messages of others.</summary>
    public async Task EraseAsync(ConversationKey key, string uid, CancellationToken cancellationToken)
    {
        while (await conversations.FindAsync(key.Partition, ChatKeys.Mark(uid), cancellationToken) is { } row
            && row.ContainsKey(PersonalStateRows.Version)
            && await conversations.TryReplaceAsync(
                ConversationRows.Mark(key, uid, ConversationRows.Mark(row).Mark with { State = PersonalState.None }), row.ETag,
                cancellationToken) is null)
        {
            // The row has changed meanwhile: look again.
        }
    }
}
