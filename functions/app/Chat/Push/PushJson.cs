using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Push;

[JsonSerializable(typeof(ApnsBody))]
[JsonSerializable(typeof(FcmRequest))]
[JsonSerializable(typeof(PushTask))]
[JsonSerializable(typeof(WebPushBody))]
[JsonSerializable(typeof(WebPushKey))]
internal sealed partial class PushJson : JsonSerializerContext
{
    public static PushJson Wire { get; } = new(WireFormat.NewOptions());

    /// <summary>For bodies with a limit in bytes: other characters than ASCII stand as they are. Nobody puts them into a page.</summary>
    public static PushJson Text { get; } = new(new JsonSerializerOptions(WireFormat.NewOptions())
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
