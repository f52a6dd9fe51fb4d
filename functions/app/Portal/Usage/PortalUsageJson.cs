using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Usage;

[JsonSerializable(typeof(EarlierTexts))]
[JsonSerializable(typeof(UsageHistoryPage))]
[JsonSerializable(typeof(UsageResponse))]
internal sealed partial class PortalUsageJson : JsonSerializerContext
{
    public static PortalUsageJson Wire { get; } = new(WireFormat.NewOptions());
}
