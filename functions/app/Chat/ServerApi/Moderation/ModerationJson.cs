using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Moderation;

[JsonSerializable(typeof(DecideFlagRequest))]
[JsonSerializable(typeof(FlagDetail))]
[JsonSerializable(typeof(FlagPage))]
[JsonSerializable(typeof(FlagView))]
[JsonSerializable(typeof(ModerateRequest))]
[JsonSerializable(typeof(ModeratedPage))]
[JsonSerializable(typeof(ModeratedUser))]
internal sealed partial class ModerationJson : JsonSerializerContext
{
    public static ModerationJson Wire { get; } = new(WireFormat.NewOptions());
}
