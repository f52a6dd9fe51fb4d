using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.RowVersions;

[JsonSerializable(typeof(RowVersionList))]
internal sealed partial class RowJson : JsonSerializerContext
{
    public static RowJson Wire { get; } = new(WireFormat.NewOptions());
}
