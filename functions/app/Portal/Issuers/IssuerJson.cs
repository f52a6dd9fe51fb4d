using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Issuers;

[JsonSerializable(typeof(IssuerList))]
[JsonSerializable(typeof(SetIssuerRequest))]
internal sealed partial class IssuerJson : JsonSerializerContext
{
    public static IssuerJson Wire { get; } = new(WireFormat.NewOptions());
}
