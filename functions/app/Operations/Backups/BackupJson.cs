using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.Backups;

[JsonSerializable(typeof(BackupResponse))]
[JsonSerializable(typeof(RestoreRequest))]
[JsonSerializable(typeof(RestoreResponse))]
internal sealed partial class BackupJson : JsonSerializerContext
{
    public static BackupJson Wire { get; } = new(WireFormat.NewOptions());
}
