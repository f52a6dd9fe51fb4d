using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A conversation in a user's list.</summary>
/// <param name="With">The other member's login id, or the group's id.</param>
/// <param name="Left">True for a group that the user has left. They still see the messages from before.</param>
public sealed record Recent(string ConversationId, string With, string WithUid, bool Group = false, bool Left = false);

/// <summary>
/// Which conversations each user takes part in: table <c>recents</c>, one row per (user, conversation). A direct conversation's row is
/// written once, when it begins. So a message costs nothing here.
/// </summary>
public sealed class RecentStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("recents");

    public async Task AddAsync(
        string projectId, Member user, ConversationKey conversation, Member with, CancellationToken cancellationToken) =>
        await table.UpsertAsync(
            new TableEntity(ChatKeys.Own(new(projectId, user.LoginId, user.Uid)), ChatKeys.Recent(conversation.Id))
            {
                ["With"] = with.LoginId,
                ["WithUid"] = with.Uid
            },
            cancellationToken);

    public async Task<List<Recent>> ListAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var recents = new List<Recent>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {user.Partition}", 1_000, cancellationToken))
        {
            recents.Add(From(row));
        }

        return recents;
    }

    public async Task SetGroupAsync(
        UserIdentity user, string groupId, bool left, CancellationToken cancellationToken) =>
        await table.UpsertAsync(
            new TableEntity(user.Partition, ChatKeys.Recent(groupId)) { ["With"] = groupId, ["Group"] = true, ["Left"] = left },
            cancellationToken);

    /// <summary>Groups that the user is a member of.</summary>
    public async Task<List<Recent>> ListGroupsAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var recents = new List<Recent>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {user.Partition} and Group eq {true} and Left eq {false}", 1_000, cancellationToken))
        {
            recents.Add(From(row));
        }

        return recents;
    }

    /// <summary>Replaces the other member's login id in the list of this one.</summary>
    /// <returns>False when it was replaced before, or the user has no such conversation.</returns>
    public async Task<bool> RenameAsync(UserIdentity user, string conversationId, string with, CancellationToken cancellationToken)
    {
        var row = await table.FindAsync(user.Partition, ChatKeys.Recent(conversationId), cancellationToken);
        return row is not null && row.GetString("With") != with && await table.TryMergeAsync(
            new TableEntity(user.Partition, ChatKeys.Recent(conversationId)) { ["With"] = with }, row.ETag, cancellationToken) is not null;
    }

    public async Task RemoveAsync(UserIdentity user, string conversationId, CancellationToken cancellationToken) =>
        await table.DeleteAsync(user.Partition, ChatKeys.Recent(conversationId), cancellationToken);

    private static Recent From(TableEntity row) => new(
        row.RowKey, row.GetString("With"), row.GetString("WithUid") ?? "", row.GetBoolean("Group") ?? false,
        row.GetBoolean("Left") ?? false);
}
