namespace Vox.Server;

/// <summary>Webhook endpoints, and what was sent to them.</summary>
public sealed class VoxEndpoints
{
    private readonly VoxConnection connection;

    internal VoxEndpoints(VoxConnection connection) => this.connection = connection;

    /// <summary>All endpoints, and the types of events that there are.</summary>
    public Task<WebhookEndpoints> ListAsync(CancellationToken cancellationToken = default) =>
        connection.GetAsync("webhooks", VoxJson.Default.WebhookEndpoints, cancellationToken);

    /// <summary>One endpoint.</summary>
    public Task<WebhookEndpoint> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync(PathOf(id), VoxJson.Default.WebhookEndpoint, cancellationToken);

    /// <summary>Makes an endpoint. Only this answer, and that of a rotation, has the secret.</summary>
    public Task<WebhookEndpoint> CreateAsync(
        WebhookDraft endpoint, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "webhooks", endpoint, VoxJson.Default.WebhookDraft, VoxJson.Default.WebhookEndpoint, idempotencyKey, cancellationToken);

    /// <summary>What is null stays as it is.</summary>
    public Task<WebhookEndpoint> ChangeAsync(string id, WebhookDraft change, CancellationToken cancellationToken = default) =>
        connection.ChangeAsync(
            HttpMethod.Patch, PathOf(id), change, VoxJson.Default.WebhookDraft, VoxJson.Default.WebhookEndpoint, null, cancellationToken);

    /// <summary>Removes an endpoint. What waits for it is not sent any more.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync(PathOf(id), null, cancellationToken);

    /// <summary>Makes a new secret.</summary>
    /// <param name="id">The endpoint's id.</param>
    /// <param name="overlap">How long the present secret signs as well, in whole hours, 0 to 168; null for 24.</param>
    /// <param name="idempotencyKey">With the same key it is done once, whatever happens in between; null: once for this call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<WebhookEndpoint> RotateAsync(
        string id, TimeSpan? overlap = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        connection.PostAsync(
            PathOf(id) + "/rotate", RotateBody.Of(overlap), VoxJson.Default.RotateBody, VoxJson.Default.WebhookEndpoint, idempotencyKey,
            cancellationToken);

    /// <summary>Sends an event of type <c>webhook.test</c>, once, whatever the endpoint asks for.</summary>
    /// <returns>The id of the delivery, to look at with <see cref="DeliveryAsync"/>.</returns>
    public Task<string> TestAsync(string id, CancellationToken cancellationToken = default) =>
        SentAsync(PathOf(id) + "/test", cancellationToken);

    /// <summary>What was sent in the last seven days, the newest first. Of very many only some are here.</summary>
    public IAsyncEnumerable<WebhookDelivery> DeliveriesAsync(
        DeliveryFilter? filter = null, CancellationToken cancellationToken = default) => Paths.AllAsync(
            Paths.Query(
                "webhook-deliveries?limit=100", ("type", filter?.Type), ("webhook", filter?.Webhook), ("state", filter?.State)),
            path => connection.GetAsync(path, VoxJson.Default.DeliveryPage, cancellationToken), page => (page.Deliveries, page.Next));

    /// <summary>One delivery, with its body.</summary>
    public Task<WebhookDelivery> DeliveryAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"webhook-deliveries/{Paths.Part(id)}", VoxJson.Default.WebhookDelivery, cancellationToken);

    /// <summary>Sends an event to its endpoint again, with the same id and body, and with all attempts anew.</summary>
    /// <returns>The id of the delivery.</returns>
    public Task<string> ResendAsync(string deliveryId, CancellationToken cancellationToken = default) =>
        SentAsync($"webhook-deliveries/{Paths.Part(deliveryId)}/resend", cancellationToken);

    private static string PathOf(string id) => $"webhooks/{Paths.Part(id)}";

    private async Task<string> SentAsync(string path, CancellationToken cancellationToken) => (await connection.PostAsync(
        path, new EmptyBody(), VoxJson.Default.EmptyBody, VoxJson.Default.SentWebhook, null, cancellationToken)
        .ConfigureAwait(false)).Delivery;
}
