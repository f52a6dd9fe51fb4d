using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Realtime;

[JsonSerializable(typeof(NegotiateResponse))]
internal sealed partial class RealtimeJson : JsonSerializerContext
{
    public static RealtimeJson Wire { get; } = new(WireFormat.NewOptions());
}
