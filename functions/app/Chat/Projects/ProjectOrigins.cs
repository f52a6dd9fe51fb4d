using Microsoft.AspNetCore.Http;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Projects;

/// <summary>Which pages may use a project.</summary>
internal static class ProjectOrigins
{
    /// <summary>
    /// Refuses pages of origins that the project does not allow. A request without an Origin header is not from a page and passes.
    /// </summary>
    /// <exception cref="VoxException">origin_not_allowed</exception>
    public static void Check(HttpRequest request, Project project)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !project.Allows(origin) && !IsSame(request, origin))
        {
            throw new VoxException(Errors.OriginNotAllowed, $"The project does not allow requests from pages of {origin}.", "origin");
        }
    }

    private static bool IsSame(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
