using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Issuers;

/// <summary>Issuers in table <c>issuers</c>. A project has few, all in one partition.</summary>
public sealed class IssuerStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("issuers");

    public async Task<List<TokenIssuer>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {ChatKeys.Issuers(projectId)}", 100, cancellationToken))
            .ConvertAll(row => FromRow(projectId, row));

    /// <summary>In place of the one of the same name.</summary>
    public Task SetAsync(TokenIssuer issuer, CancellationToken cancellationToken) => table.UpsertAsync(ToRow(issuer), cancellationToken);

    public Task RemoveAsync(string projectId, string issuer, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Issuers(projectId), ChatKeys.Issuer(issuer), cancellationToken);

    private static TableEntity ToRow(TokenIssuer issuer) => new(ChatKeys.Issuers(issuer.ProjectId), ChatKeys.Issuer(issuer.Issuer))
    {
        ["Issuer"] = issuer.Issuer,
        ["Audience"] = issuer.Audience,
        ["JwksUri"] = issuer.JwksUri,
        ["PublicKey"] = issuer.PublicKey,
        ["IdClaim"] = issuer.IdClaim,
        ["NameClaim"] = issuer.NameClaim,
        ["Provisions"] = issuer.Provisions,
        ["CreatedAt"] = issuer.CreatedAt,
        ["CreatedBy"] = issuer.CreatedBy,
    };

    private static TokenIssuer FromRow(string projectId, TableEntity row) => new(
        projectId,
        row.GetString("Issuer"),
        row.GetString("Audience"),
        row.GetString("JwksUri"),
        row.GetString("PublicKey"),
        row.GetString("IdClaim"),
        row.GetString("NameClaim"),
        row.GetBoolean("Provisions") ?? false,
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.GetString("CreatedBy") ?? "");
}
