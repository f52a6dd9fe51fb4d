using Microsoft.AspNetCore.Http;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Portal.Accounts;

/// <summary>Finds out who calls the portal's API, and refuses what other sites make a browser send.</summary>
public sealed class PortalCallers(PortalSessions sessions, DeveloperStore developers, ClientAddresses addresses)
{
    public const string CsrfHeader = "X-CSRF-Token";

    /// <exception cref="VoxException">not_signed_in, csrf_rejected</exception>
    public async Task<PortalCaller> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await FindAsync(request, cancellationToken)
        ?? throw new VoxException(Errors.NotSignedIn, "You are not signed in, or the session has ended: sign in again.");

    public async Task<PortalCaller?> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        CheckSite(request);
        if (await sessions.ReadAsync(request, cancellationToken) is not var (developerId, csrfToken))
        {
            return null;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !Secrets.AreEqual(request.Headers[CsrfHeader].ToString(), csrfToken))
        {
            throw new VoxException(Errors.CsrfRejected, $"The header {CsrfHeader} is missing or wrong: load the page again.");
        }

        return await developers.FindAsync(developerId, cancellationToken) is { ActivatedAt: not null } developer
            ? new PortalCaller(developer, csrfToken, addresses.Of(request))
            : null;
    }

    /// <summary>For endpoints without a session as well: browsers say by themselves if another site made them send a request.</summary>
    /// <exception cref="VoxException">csrf_rejected</exception>
    public static void CheckSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "cross-site" or "same-site" && !HttpMethods.IsGet(request.Method))
        {
            throw new VoxException(Errors.CsrfRejected, "This request came from another site.");
        }
    }
}
