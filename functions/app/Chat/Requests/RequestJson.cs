using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Requests;

[JsonSerializable(typeof(ApiRequestPage))]
[JsonSerializable(typeof(KeptRequestsView))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    public static RequestJson Wire { get; } = new(WireFormat.NewOptions());
}
