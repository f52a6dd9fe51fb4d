using Microsoft.AspNetCore.Http;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Limits;

namespace Vox.Chat.Sessions;

/// <summary>The signed-in user of a request.</summary>
public sealed record Caller(Project Project, Sender Sender, AccessClaims Claims)
{
    public string LoginId => Sender.LoginId;

    public UserKey Key => new(Project.Id, LoginId);

    public UserIdentity Identity => new(Project.Id, LoginId, Sender.Uid);
}

/// <summary>
/// Finds the caller of a request: checks the access token in <c>Authorization: Bearer</c>, its session and the web origin.
/// </summary>
public sealed class CallerReader(AccessTokens tokens, LiveSessions sessions, ProjectService projects, RateLimits limits)
{
    /// <exception cref="VoxException">invalid_token, origin_not_allowed, too_many_requests</exception>
    public async ValueTask<Caller> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var token = TokenOf(request);
        return await OfAsync(request, token.Length > 0 ? await tokens.ReadAsync(token, cancellationToken) : null, cancellationToken);
    }

    /// <summary>The same for claims that came in another way.</summary>
    /// <param name="claims">Null when there were none that are good.</param>
    /// <exception cref="VoxException">invalid_token, origin_not_allowed, too_many_requests</exception>
    internal async ValueTask<Caller> OfAsync(HttpRequest request, AccessClaims? claims, CancellationToken cancellationToken)
    {
        if (claims is null || await sessions.FindAsync(claims, cancellationToken) is not { } session)
        {
            throw InvalidToken();
        }

        RequestNote.Set(request, claims.ProjectId, "client", claims.LoginId);
        limits.OfUser(claims.ProjectId, claims.LoginId);
        var project = await projects.GetAsync(claims.ProjectId, cancellationToken);
        if (session.CreatedAt < project.TokensFrom)
        {
            throw InvalidToken();
        }

        ProjectOrigins.Check(request, project);
        return new Caller(project, new Sender(claims.LoginId, claims.Uid) { MutedUntil = session.MutedUntil }, claims);
    }

    /// <summary>What stands in <c>Authorization: Bearer</c>; empty for nothing.</summary>
    internal static string TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
    }

    private static VoxException InvalidToken() => new(
        Errors.InvalidToken, "The access token is missing, expired or not valid: refresh it, or log in again.", "authorization");
}
