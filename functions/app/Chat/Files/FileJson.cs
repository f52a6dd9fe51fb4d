using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Files;

[JsonSerializable(typeof(BeginUploadRequest))]
[JsonSerializable(typeof(CompleteUploadRequest))]
[JsonSerializable(typeof(CompleteUploadResponse))]
[JsonSerializable(typeof(MediaPrefixResponse))]
[JsonSerializable(typeof(UploadResponse))]
internal sealed partial class FileJson : JsonSerializerContext
{
    public static FileJson Wire { get; } = new(WireFormat.NewOptions());
}
