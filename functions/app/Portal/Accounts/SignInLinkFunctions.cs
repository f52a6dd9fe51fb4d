using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;
using Vox.Portal.Http;

namespace Vox.Portal.Accounts;

/// <summary>
/// One-time links by which an operator lets somebody in: the first person after a deployment, or one whom no e-mail reaches.
/// </summary>
public sealed class SignInLinkFunctions(SignInLinkService links, PortalSessions sessions, ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/portal/v1/sign-in-links";

    [Function("CreateSignInLink")]
    [ApiOperation("Operators", "Make a one-time sign-in link, with the master key", Request = typeof(SignInLinkRequest),
        Response = typeof(SignInLinkResponse), Anonymous = true)]
    public async Task<IActionResult> CreateSignInLink(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "api/operator/v1/sign-in-links")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var wanted = await body.ReadJsonAsync(request, AccountJson.Wire.SignInLinkRequest, cancellationToken);
        return PortalResults.Json(
            request, await links.CreateAsync(wanted.Email, wanted.OnlyNew, cancellationToken), AccountJson.Wire.SignInLinkResponse);
    }

    [Function("ReadSignInLink")]
    [ApiOperation("Portal accounts", "For whom a one-time link is; it stays good", Request = typeof(TokenRequest),
        Response = typeof(SignInLinkDetails), Anonymous = true)]
    public async Task<IActionResult> ReadSignInLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/read")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var link = await body.ReadJsonAsync(request, AccountJson.Wire.TokenRequest, cancellationToken);
        return PortalResults.Json(request, await links.ReadAsync(link.Token, cancellationToken), AccountJson.Wire.SignInLinkDetails);
    }

    [Function("UseSignInLink")]
    [ApiOperation("Portal accounts", "Sign in with a one-time link; makes the account if there is none",
        Request = typeof(UseSignInLinkRequest), Response = typeof(SignInResponse), Anonymous = true)]
    public async Task<IActionResult> UseSignInLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/use")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var use = await body.ReadJsonAsync(request, AccountJson.Wire.UseSignInLinkRequest, cancellationToken);
        var (response, session) = await links.UseAsync(use, addresses.Of(request), cancellationToken);
        if (session is not null)
        {
            sessions.SetSession(request, session);
        }

        return PortalResults.Json(request, response, AccountJson.Wire.SignInResponse);
    }
}
