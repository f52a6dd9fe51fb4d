using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Users;

[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(SignUpResponse))]
internal sealed partial class UserJson : JsonSerializerContext
{
    public static UserJson Wire { get; } = new(WireFormat.NewOptions());
}
