using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.PushKeys;

[JsonSerializable(typeof(AndroidPushKey))]
[JsonSerializable(typeof(AndroidPushKeyRequest))]
[JsonSerializable(typeof(IosPushKey))]
[JsonSerializable(typeof(IosPushKeyRequest))]
[JsonSerializable(typeof(PushKeysResponse))]
internal sealed partial class PushKeyJson : JsonSerializerContext
{
    public static PushKeyJson Wire { get; } = new(WireFormat.NewOptions());
}
