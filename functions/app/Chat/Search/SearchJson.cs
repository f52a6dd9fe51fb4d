using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Search;

[JsonSerializable(typeof(SearchIndexView))]
[JsonSerializable(typeof(SearchPage))]
internal sealed partial class SearchJson : JsonSerializerContext
{
    public static SearchJson Wire { get; } = new(WireFormat.NewOptions());
}
