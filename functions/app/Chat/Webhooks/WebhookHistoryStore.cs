using System.Text.Json;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>
/// Deliveries in table <c>webhookevents</c>, by day and project: so those of old days are found and removed without a look at the others.
/// </summary>
public sealed class WebhookHistoryStore(StorageClients storage)
{
    private readonly Table table = storage.Table("webhookevents");

    /// <returns>False when it is there already.</returns>
    internal async Task<bool> TryAddAsync(
        string projectId, WebhookDelivery delivery, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(projectId, delivery), cancellationToken) is not null;

    internal async Task<(WebhookDelivery Delivery, RowVersion Version)?> FindAsync(
        string projectId, string id, DateOnly day, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.WebhookDay(day, projectId), id, cancellationToken) is { } row ? (FromRow(row), row.ETag) : null;

    /// <returns>False when it has changed or gone since it was read.</returns>
    internal async Task<bool> TryReplaceAsync(
        string projectId, WebhookDelivery delivery, RowVersion version, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(projectId, delivery), version, cancellationToken) is not null;

    /// <summary>Of one day, newest first.</summary>
    /// <param name="after">Only those after this id; empty: all.</param>
    internal async Task<List<WebhookDelivery>> ListAsync(
        string projectId, DateOnly day, string after, WebhookFilter filter, int most, CancellationToken cancellationToken)
    {
        var found = new List<WebhookDelivery>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.WebhookDay(day, projectId)} and RowKey gt {after}", 1_000, cancellationToken))
        {
            if ((filter.Type is null || row.GetString("Type") == filter.Type)
                && (filter.Webhook is null || row.GetString("Webhook") == filter.Webhook)
                && (filter.State is null || row.GetString("State") == filter.State))
            {
                found.Add(FromRow(row));
                if (found.Count == most)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Of all projects, of all days before one.</summary>
    public Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey lt {ChatKeys.WebhookDays(day)}", cancellationToken);

    public Task RemoveDayAsync(string projectId, DateOnly day, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey eq {ChatKeys.WebhookDay(day, projectId)}", cancellationToken);

    private static TableEntity ToRow(string projectId, WebhookDelivery delivery) =>
        new(ChatKeys.WebhookDay(DateOnly.FromDateTime(delivery.At.UtcDateTime), projectId), delivery.Id)
        {
            ["Event"] = delivery.Event,
            ["Type"] = delivery.Type,
            ["Webhook"] = delivery.Webhook,
            ["At"] = delivery.At,
            ["State"] = delivery.State,
            ["Attempts"] = JsonSerializer.Serialize([.. delivery.Attempts], WebhookJson.Wire.ListWebhookAttempt),
            ["Body"] = delivery.Body,
        };

    private static WebhookDelivery FromRow(TableEntity row) => new(
        row.RowKey,
        row.GetString("Event"),
        row.GetString("Type"),
        row.GetString("Webhook"),
        row.GetDateTimeOffset("At") ?? default,
        row.GetString("State"),
        JsonSerializer.Deserialize(row.GetString("Attempts"), WebhookJson.Wire.ListWebhookAttempt) ?? [],
        row.GetString("Body"));
}
