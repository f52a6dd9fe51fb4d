using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Data;

[JsonSerializable(typeof(ServerErasureRequest))]
[JsonSerializable(typeof(ServerExportRequest))]
internal sealed partial class ServerDataJson : JsonSerializerContext
{
    public static ServerDataJson Wire { get; } = new(WireFormat.NewOptions());
}
