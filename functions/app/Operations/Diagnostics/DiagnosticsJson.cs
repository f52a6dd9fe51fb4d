using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.Diagnostics;

[JsonSerializable(typeof(ChecksResponse))]
[JsonSerializable(typeof(HealthDetailsResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(MailTestRequest))]
[JsonSerializable(typeof(MailTestResponse))]
[JsonSerializable(typeof(ProbeResponse))]
internal sealed partial class DiagnosticsJson : JsonSerializerContext
{
    public static DiagnosticsJson Wire { get; } = new(WireFormat.NewOptions());
}
