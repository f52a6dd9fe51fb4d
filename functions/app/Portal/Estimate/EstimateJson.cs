using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Estimate;

[JsonSerializable(typeof(EstimateResponse))]
internal sealed partial class EstimateJson : JsonSerializerContext
{
    public static EstimateJson Wire { get; } = new(WireFormat.NewOptions());
}
