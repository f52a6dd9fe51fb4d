using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Vendor;

[JsonSerializable(typeof(VendorResponse))]
[JsonSerializable(typeof(VendorStatus))]
internal sealed partial class VendorJson : JsonSerializerContext
{
    public static VendorJson Wire { get; } = new(WireFormat.NewOptions());
}
