using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Personal;

[JsonSerializable(typeof(ConversationSettings))]
[JsonSerializable(typeof(SettingsRequest))]
internal sealed partial class PersonalJson : JsonSerializerContext
{
    public static PersonalJson Wire { get; } = new(WireFormat.NewOptions());
}
