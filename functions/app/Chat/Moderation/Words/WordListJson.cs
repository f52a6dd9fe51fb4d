using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Moderation.Words;

[JsonSerializable(typeof(WordListRequest))]
[JsonSerializable(typeof(WordListView))]
[JsonSerializable(typeof(WordTryRequest))]
[JsonSerializable(typeof(WordTryView))]
internal sealed partial class WordListJson : JsonSerializerContext
{
    public static WordListJson Wire { get; } = new(WireFormat.NewOptions());
}
