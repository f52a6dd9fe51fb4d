using Azure.Data.Tables;
using Vox.Storage;

namespace Vox.Conversations;

/// <summary>A conversation in a user's list.</summary>
/// <param name="With">The other member's login id.</param>
public sealed record Recent(string ConversationId, string With, string WithUid);

/// <summary>
/// Who takes part in which conversations: table <c>recents</c>, one row per (user, conversation), written when the conversation
/// begins and not again, so that a message costs nothing here.
/// </summary>
public sealed class RecentStore(StorageClients storage)
{
    private readonly Table table = storage.Table("recents");

    public async Task AddAsync(string projectId, Member user, ConversationKey conversation, Member with, CancellationToken cancellationToken) =>
        await table.UpsertAsync(
            new TableEntity(Keys.User(projectId, user.LoginId), Keys.Recent(conversation.Id)) { ["With"] = with.LoginId, ["WithUid"] = with.Uid },
            cancellationToken);

    public async Task<List<Recent>> ListAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var recents = new List<Recent>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {Keys.User(projectId, loginId)}", 1_000, cancellationToken))
        {
            recents.Add(new Recent(row.RowKey, row.GetString("With"), row.GetString("WithUid")));
        }

        return recents;
    }

    public async Task RemoveAsync(string projectId, string loginId, string conversationId, CancellationToken cancellationToken) =>
        await table.DeleteAsync(Keys.User(projectId, loginId), Keys.Recent(conversationId), cancellationToken);
}
