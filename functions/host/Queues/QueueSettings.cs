using System.Globalization;
using System.Text.Json;

namespace Vox.DevHost.Queues;

/// <summary>How queues are read: host.json's <c>extensions.queues</c>, with the platform's defaults.</summary>
/// <param name="BatchSize">Messages that are taken at a time, 1–32.</param>
/// <param name="NewBatchThreshold">The next batch is taken when so many of the last are still running.</param>
/// <param name="MaxDequeueCount">Attempts until a message goes to the poison queue.</param>
/// <param name="MaxPollingInterval">The longest pause between two looks at an empty queue.</param>
/// <param name="VisibilityTimeout">The pause after an attempt that failed.</param>
internal sealed record QueueSettings(
    int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan MaxPollingInterval, TimeSpan VisibilityTimeout)
{
    public static QueueSettings Default { get; } = new(16, 8, 5, TimeSpan.FromMinutes(1), TimeSpan.Zero);

    public static QueueSettings Read(string hostJson)
    {
        if (!File.Exists(hostJson))
        {
            return Default;
        }

        using var json = JsonDocument.Parse(
            File.ReadAllText(hostJson), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!json.RootElement.TryGetProperty("extensions", out var extensions) || !extensions.TryGetProperty("queues", out var queues))
        {
            return Default;
        }

        var batch = Number(queues, "batchSize") ?? Default.BatchSize;
        return new QueueSettings(
            batch,
            Number(queues, "newBatchThreshold") ?? batch / 2,
            Number(queues, "maxDequeueCount") ?? Default.MaxDequeueCount,
            Time(queues, "maxPollingInterval") ?? Default.MaxPollingInterval,
            Time(queues, "visibilityTimeout") ?? Default.VisibilityTimeout);
    }

    private static int? Number(JsonElement queues, string name) => queues.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static TimeSpan? Time(JsonElement queues, string name) =>
        queues.TryGetProperty(name, out var value) ? TimeSpan.Parse(value.GetString()!, CultureInfo.InvariantCulture) : null;
}
