using System.Text.Json.Serialization;

namespace Vox.Platform.Http;

[JsonSerializable(typeof(ProblemDetailsResponse))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    public static HttpJson Wire { get; } = new(WireFormat.NewOptions());
}
