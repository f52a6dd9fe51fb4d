using System.Text.Json;
using Vox.Chat.Events;
using Vox.Chat.Model;

namespace Vox.Chat.Webhooks;

/// <summary>An event on its way to one endpoint, as it waits in the queue.</summary>
/// <param name="Event">The event's id: the same however often it is sent.</param>
/// <param name="Type">Of <see cref="EventTypes"/>.</param>
/// <param name="At">When it happened, Unix ms.</param>
/// <param name="Attempt">1, 2, 3, …</param>
/// <param name="Body">What is sent: JSON, at most <see cref="WebhookEvents.MaxBytes"/>.</param>
internal sealed record WebhookTask(
    string Project, string Endpoint, string Event, string Type, long At, int Attempt, string Body)
{
    /// <summary>The event at this endpoint, for people who look at it.</summary>
    public string DeliveryId => ChatKeys.WebhookDelivery(At, Event, Endpoint);

    public string ToText() => JsonSerializer.Serialize(this, WebhookJson.Wire.WebhookTask);

    /// <returns>Null when it is none.</returns>
    public static WebhookTask? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, WebhookJson.Wire.WebhookTask);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
