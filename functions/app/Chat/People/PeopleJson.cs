using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.People;

[JsonSerializable(typeof(LookupRequest))]
[JsonSerializable(typeof(LookupResponse))]
[JsonSerializable(typeof(PresenceEvent))]
[JsonSerializable(typeof(PresenceRequest))]
[JsonSerializable(typeof(PresenceResponse))]
[JsonSerializable(typeof(ProfileEvent))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(ProfileView))]
internal sealed partial class PeopleJson : JsonSerializerContext
{
    public static PeopleJson Wire { get; } = new(WireFormat.NewOptions());
}
