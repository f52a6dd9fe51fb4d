using Microsoft.AspNetCore.Http;
using Vox.Http;
using Vox.Limits;
using Vox.Messages;
using Vox.Projects;

namespace Vox.Sessions;

/// <summary>The signed-in user of a request.</summary>
public sealed record Caller(Project Project, Sender Sender, AccessClaims Claims)
{
    public string LoginId => Sender.LoginId;
}

/// <summary>Finds out who calls: the access token in <c>Authorization: Bearer</c>, its session, and the web origin.</summary>
public sealed class CallerReader(AccessTokens tokens, LiveSessions sessions, ProjectService projects, RateLimits limits)
{
    /// <exception cref="VoxException">invalid_token, origin_not_allowed, too_many_requests</exception>
    public async ValueTask<Caller> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        var claims = token.Length > 0 ? await tokens.ReadAsync(token, cancellationToken) : null;
        if (claims is null || !await sessions.ContainsAsync(claims, cancellationToken))
        {
            throw new VoxException(
                Errors.InvalidToken, "The access token is missing, expired or not valid: refresh it, or log in again.", "authorization");
        }

        limits.OfUser(claims.ProjectId, claims.LoginId);
        var project = await projects.GetAsync(claims.ProjectId, cancellationToken);
        CheckOrigin(request, project);
        return new Caller(project, new Sender(claims.LoginId, claims.Uid), claims);
    }

    /// <summary>Pages of other origins than the project's are refused; what is no page (no Origin header) has nothing to hide behind.</summary>
    public static void CheckOrigin(HttpRequest request, Project project)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !project.Allows(origin) && !IsSame(request, origin))
        {
            throw new VoxException(Errors.OriginNotAllowed, $"The project does not allow requests from pages of {origin}.", "origin");
        }
    }

    private static bool IsSame(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
