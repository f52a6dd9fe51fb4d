using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.Demo;

[JsonSerializable(typeof(DemoConfig))]
[JsonSerializable(typeof(DemoFile))]
internal sealed partial class DemoJson : JsonSerializerContext
{
    public static DemoJson Wire { get; } = new(WireFormat.NewOptions());
}
