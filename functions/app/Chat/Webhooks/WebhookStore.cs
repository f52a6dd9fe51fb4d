using System.Text;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>Endpoints in table <c>webhooks</c>. A project has few, all in one partition. Secrets are encrypted.</summary>
public sealed class WebhookStore(StorageClients storage, SecretProtector protector)
{
    private readonly Table table = storage.ProjectTable("webhooks");

    public async Task<List<WebhookEndpoint>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Webhooks(projectId)} and RowKey ge {ChatKeys.WebhooksFrom} and RowKey lt {ChatKeys.WebhooksTo}",
            1_000, cancellationToken)).ConvertAll(row => FromRow(projectId, row));

    public async Task<WebhookEndpoint?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Webhooks(projectId), ChatKeys.Webhook(id), cancellationToken) is { } row
            ? FromRow(projectId, row)
            : null;

    public Task AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        table.UpsertAsync(ToRow(endpoint), cancellationToken);

    /// <returns>False when it has changed or gone since it was read.</returns>
    public async Task<bool> TryReplaceAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(endpoint), endpoint.Version, cancellationToken) is not null;

    public Task RemoveAsync(string projectId, string id, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Webhooks(projectId), ChatKeys.Webhook(id), cancellationToken);

    /// <summary>The projects that have endpoints which are not switched off.</summary>
    public async Task<IReadOnlyCollection<string>> ProjectsAsync(CancellationToken cancellationToken)
    {
        var projects = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.EnumerateAsync(
            $"RowKey ge {ChatKeys.WebhooksFrom} and RowKey lt {ChatKeys.WebhooksTo} and Enabled eq {true}", 1_000, cancellationToken,
            ["PartitionKey"]))
        {
            projects.Add(Keys.ProjectIdOf(row.PartitionKey));
        }

        return projects;
    }

    private TableEntity ToRow(WebhookEndpoint endpoint) =>
        new(ChatKeys.Webhooks(endpoint.ProjectId), ChatKeys.Webhook(endpoint.Id))
        {
            ["Url"] = endpoint.Url,
            ["Events"] = string.Join(' ', endpoint.Events),
            ["Description"] = endpoint.Description,
            ["Secret"] = Protect(endpoint, endpoint.Secret),
            ["PreviousSecret"] = endpoint.PreviousSecret is { } previous ? Protect(endpoint, previous) : null,
            ["PreviousUntil"] = endpoint.PreviousUntil,
            ["Enabled"] = endpoint.Enabled,
            ["DisabledReason"] = endpoint.DisabledReason,
            ["FailingSince"] = endpoint.FailingSince,
            ["CreatedAt"] = endpoint.CreatedAt,
            ["CreatedBy"] = endpoint.CreatedBy,
        };

    private WebhookEndpoint FromRow(string projectId, TableEntity row)
    {
        var id = row.RowKey[ChatKeys.WebhooksFrom.Length..];
        return new(
            projectId,
            id,
            row.GetString("Url"),
            row.GetString("Events").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            row.GetString("Description") ?? "",
            Unprotect(projectId, id, row.GetString("Secret")),
            row.GetString("PreviousSecret") is { } previous ? Unprotect(projectId, id, previous) : null,
            row.GetDateTimeOffset("PreviousUntil"),
            row.GetBoolean("Enabled") ?? true,
            row.GetString("DisabledReason"),
            row.GetDateTimeOffset("FailingSince"),
            row.GetDateTimeOffset("CreatedAt") ?? default,
            row.GetString("CreatedBy") ?? "",
            row.ETag);
    }

    private string Protect(WebhookEndpoint endpoint, string secret) =>
        protector.Protect(Purpose(endpoint.ProjectId, endpoint.Id), Encoding.UTF8.GetBytes(secret));

    private string Unprotect(string projectId, string id, string text) =>
        Encoding.UTF8.GetString(protector.Unprotect(Purpose(projectId, id), text));

    private static string Purpose(string projectId, string id) => $"webhook|{projectId}|{id}";
}
