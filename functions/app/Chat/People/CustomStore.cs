using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>A user's profile, and what the customer's server keeps with the user.</summary>
/// <param name="Custom">A JSON object; empty for none.</param>
/// <param name="ProfileVersion">Null where there is no row.</param>
/// <param name="CustomVersion">Null where there is no row.</param>
public sealed record KeptPerson(Profile Profile, string Custom, RowVersion? ProfileVersion, RowVersion? CustomVersion)
{
    public static readonly KeptPerson Empty = new(Profile.Empty, "", null, null);
}

/// <summary>
/// Table <c>people</c> for customers' servers: the profile and a row of its own for the server's data, which users never read. Both change
/// together.
/// </summary>
public sealed class CustomStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("people");

    public async Task<KeptPerson> ReadAsync(UserIdentity user, CancellationToken cancellationToken) =>
        Of(await table.QueryAsync($"PartitionKey eq {user.Partition}", 10, cancellationToken));

    /// <summary>Those of users who follow each other in key order, in one query.</summary>
    /// <returns>By partition; without those who have nothing.</returns>
    public async Task<IReadOnlyDictionary<string, KeptPerson>> ReadBetweenAsync(
        UserIdentity first, UserIdentity last, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        var (from, to) = (first.Key.Partition, ChatKeys.OwnEnd(last.Key));
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to} and RowKey ne {ChatKeys.SeenRow}", 1_000, cancellationToken))
        {
            rows.Add(row);
        }

        return rows.GroupBy(row => row.PartitionKey, StringComparer.Ordinal).ToDictionary(g => g.Key, Of, StringComparer.Ordinal);
    }

    /// <summary>Stores what has changed.</summary>
    /// <param name="before">As it was read.</param>
    /// <returns>False when somebody else has changed it since.</returns>
    public async Task<bool> TrySaveAsync(
        UserIdentity user, KeptPerson before, Profile profile, string custom, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>();
        if (profile != before.Profile)
        {
            actions.Add(Write(PersonRows.OfProfile(user, profile), before.ProfileVersion));
        }

        if (custom != before.Custom)
        {
            var row = PersonRows.OfCustom(user, custom);
            actions.Add(custom.Length > 0
                ? Write(row, before.CustomVersion)
                : new(TableTransactionActionType.Delete, row, before.CustomVersion ?? ETag.All));
        }

        try
        {
            if (actions.Count > 0)
            {
                await table.SubmitAsync(actions, cancellationToken);
            }

            return true;
        }
        catch (TableTransactionFailedException e) when (StorageFailure.IsConflict(e) || e.Status == 404)
        {
            return false;
        }
    }

    private static TableTransactionAction Write(TableEntity row, RowVersion? before) => before is { } version
        ? new(TableTransactionActionType.UpdateReplace, row, version)
        : new(TableTransactionActionType.Add, row);

    private static KeptPerson Of(IEnumerable<TableEntity> rows)
    {
        var person = KeptPerson.Empty;
        foreach (var row in rows)
        {
            person = row.RowKey switch
            {
                ChatKeys.ProfileRow => person with { Profile = PersonRows.ToProfile(row), ProfileVersion = row.ETag },
                ChatKeys.CustomRow => person with { Custom = row.GetString("Json") ?? "", CustomVersion = row.ETag },
                _ => person,
            };
        }

        return person;
    }
}
