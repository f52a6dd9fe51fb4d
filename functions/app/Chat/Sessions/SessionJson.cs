using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Sessions;

[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LogoutRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(SessionResponse))]
internal sealed partial class SessionJson : JsonSerializerContext
{
    public static SessionJson Wire { get; } = new(WireFormat.NewOptions());
}
