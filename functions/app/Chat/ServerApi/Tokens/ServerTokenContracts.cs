using System.ComponentModel;

namespace Vox.Chat.ServerApi.Tokens;

/// <summary><c>POST /api/server/v1/users/{userId}/tokens</c></summary>
internal sealed record MintTokenRequest(
    [property: Description("How long the token is good, and the session that begins with it. 60 to 86,400, default 3,600.")]
    int? LifetimeSeconds = null,
    [property: Description("Whether a log-in with it ends the user's other sessions. Default false.")]
    bool SingleDevice = false,
    [property: Description("Whether to create the user if they do not exist. Default false. Needs the scope users:write as well.")]
    bool CreateUser = false);

internal sealed record MintedToken(
    [property: Description("For the log-in: opaque, never logged, kept nowhere.")]
    string Token,
    [property: Description("The user's id.")]
    string UserId,
    [property: Description("When it ends.")]
    DateTimeOffset ExpiresAt);

/// <summary><c>POST /api/server/v1/users/{userId}/tokens/revoke</c> and <c>POST /api/server/v1/tokens/revoke</c></summary>
internal sealed record RevokeTokensRequest(
    [property: Description("Tokens made before, and sessions begun before, end. Default: now.")]
    DateTimeOffset? Before = null);

internal sealed record RevokedTokens(
    [property: Description("Tokens made before, and sessions begun before, have ended. An earlier call may have named a later time.")]
    DateTimeOffset Before);
