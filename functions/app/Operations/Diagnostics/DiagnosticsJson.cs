using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.Diagnostics;

[JsonSerializable(typeof(HealthDetailsResponse))]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class DiagnosticsJson : JsonSerializerContext
{
    public static DiagnosticsJson Wire { get; } = new(WireFormat.NewOptions());
}
