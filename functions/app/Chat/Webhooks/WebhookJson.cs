using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Webhooks;

[JsonSerializable(typeof(WebhookTask))]
[JsonSerializable(typeof(WebhookEventHead))]
[JsonSerializable(typeof(WebhookMessageData))]
[JsonSerializable(typeof(WebhookChangeData))]
[JsonSerializable(typeof(WebhookTestData))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(RotateWebhookRequest))]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookDeliveryPage))]
[JsonSerializable(typeof(WebhookSent))]
[JsonSerializable(typeof(BeforeSendRequest))]
[JsonSerializable(typeof(BeforeSendView))]
[JsonSerializable(typeof(BeforeSendQuestion))]
[JsonSerializable(typeof(BeforeSendAnswer))]
[JsonSerializable(typeof(List<WebhookAttempt>))]
internal sealed partial class WebhookJson : JsonSerializerContext
{
    public static JsonSerializerOptions Text { get; } = WireFormat.NewOptions();

    public static WebhookJson Wire { get; } = new(WireFormat.NewOptions());
}
