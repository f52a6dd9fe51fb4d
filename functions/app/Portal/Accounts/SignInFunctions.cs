using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;
using Vox.Portal.Http;

namespace Vox.Portal.Accounts;

/// <summary>Signing in and out.</summary>
public sealed class SignInFunctions(
    SignInService signIn, PortalCallers callers, PortalSessions sessions, ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/portal/v1/";

    [Function("PortalSignIn")]
    [ApiOperation("Portal accounts", "Sign in with the password", Request = typeof(SignInRequest), Response = typeof(SignInResponse),
        Anonymous = true)]
    public async Task<IActionResult> PortalSignIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "session")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var credentials = await body.ReadJsonAsync(request, AccountJson.Wire.SignInRequest, cancellationToken);
        var (response, session) = await signIn.SignInAsync(
            credentials, sessions.DeviceOf(request), addresses.Of(request), cancellationToken);
        if (session is not null)
        {
            sessions.SetSession(request, session);
        }

        return PortalResults.Json(request, response, AccountJson.Wire.SignInResponse);
    }

    [Function("VerifySecondFactor")]
    [ApiOperation("Portal accounts", "Finish the sign-in with a code", Request = typeof(VerifyRequest), Anonymous = true)]
    public async Task<IActionResult> VerifySecondFactor(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "session/verify")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var code = await body.ReadJsonAsync(request, AccountJson.Wire.VerifyRequest, cancellationToken);
        var (session, device) = await signIn.VerifyAsync(code, addresses.Of(request), cancellationToken);
        sessions.SetSession(request, session);
        if (device is not null)
        {
            sessions.SetDevice(request, device);
        }

        return WireResults.NoContent;
    }

    [Function("ResendSignInCode")]
    [ApiOperation("Portal accounts", "Send another code", Request = typeof(TicketRequest), Anonymous = true)]
    public async Task<IActionResult> ResendSignInCode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "session/code")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var ticket = await body.ReadJsonAsync(request, AccountJson.Wire.TicketRequest, cancellationToken);
        await signIn.ResendAsync(ticket.Ticket, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("GetPortalSession")]
    [PortalOperation("Portal accounts", "Who is signed in", Response = typeof(PortalSessionResponse))]
    public async Task<IActionResult> GetPortalSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "session")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var account = caller.Developer;
        return PortalResults.Json(
            request,
            new PortalSessionResponse(
                account.Id, account.Email, account.Name, account.Company, account.Phone, account.HasTotp, account.RecoveryCodes.Count,
                caller.CsrfToken),
            AccountJson.Wire.PortalSessionResponse);
    }

    [Function("PortalSignOut")]
    [PortalOperation("Portal accounts", "Sign out here, or everywhere with everywhere=true", Query = "everywhere:boolean?")]
    public async Task<IActionResult> PortalSignOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "session")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await signIn.SignOutAsync(caller, sessions.SessionOf(request), request.Query["everywhere"] == "true", cancellationToken);
        sessions.DropSession(request);
        return WireResults.NoContent;
    }
}
