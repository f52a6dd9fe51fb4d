using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.ApiKeys;

[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(RotateApiKeyRequest))]
internal sealed partial class ApiKeyJson : JsonSerializerContext
{
    public static ApiKeyJson Wire { get; } = new(WireFormat.NewOptions());
}
