using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Moderation;

[JsonSerializable(typeof(FlagAnswer))]
[JsonSerializable(typeof(FlagRequest))]
internal sealed partial class FlagJson : JsonSerializerContext
{
    public static FlagJson Wire { get; } = new(WireFormat.NewOptions());
}
