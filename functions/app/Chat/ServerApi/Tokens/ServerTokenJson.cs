using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Tokens;

[JsonSerializable(typeof(MintTokenRequest))]
[JsonSerializable(typeof(MintedToken))]
[JsonSerializable(typeof(RevokeTokensRequest))]
[JsonSerializable(typeof(RevokedTokens))]
internal sealed partial class ServerTokenJson : JsonSerializerContext
{
    public static ServerTokenJson Wire { get; } = new(WireFormat.NewOptions());
}
