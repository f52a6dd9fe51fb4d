using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Threads;

[JsonSerializable(typeof(ThreadPage))]
internal sealed partial class ThreadJson : JsonSerializerContext
{
    public static ThreadJson Wire { get; } = new(WireFormat.NewOptions());
}
