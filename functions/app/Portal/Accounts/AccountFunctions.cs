using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Http;

namespace Vox.Portal.Accounts;

/// <summary>What signed-in developers do with their own account.</summary>
public sealed class AccountFunctions(
    DeveloperService developers, TotpService totp, PortalCallers callers, PortalSessions sessions, RequestBody body, AuditLog audit)
{
    private const string Base = "api/portal/v1/account";

    [Function("ChangeProfile")]
    [PortalOperation("Portal accounts", "Change name, company and phone", Request = typeof(ProfileRequest))]
    public async Task<IActionResult> ChangeProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var profile = await body.ReadJsonAsync(request, AccountJson.Wire.ProfileRequest, cancellationToken);
        await developers.ChangeProfileAsync(caller, profile, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ChangePassword")]
    [PortalOperation("Portal accounts", "Change the password; all other sessions end", Request = typeof(ChangePasswordRequest))]
    public async Task<IActionResult> ChangePassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/password")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var change = await body.ReadJsonAsync(request, AccountJson.Wire.ChangePasswordRequest, cancellationToken);
        sessions.SetSession(request, await developers.ChangePasswordAsync(caller, change, cancellationToken));
        return WireResults.NoContent;
    }

    [Function("BeginTotp")]
    [PortalOperation("Portal accounts", "Begin to use an authenticator app", Request = typeof(PasswordRequest),
        Response = typeof(TotpSetupResponse))]
    public async Task<IActionResult> BeginTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (caller, password) = await WithPasswordAsync(request, cancellationToken);
        return PortalResults.Json(request, await totp.BeginAsync(caller, password, cancellationToken), AccountJson.Wire.TotpSetupResponse);
    }

    [Function("ConfirmTotp")]
    [PortalOperation("Portal accounts", "Confirm the authenticator app with a code; answers the recovery codes, once",
        Request = typeof(CodeRequest), Response = typeof(RecoveryCodesResponse))]
    public async Task<IActionResult> ConfirmTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp/confirm")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var code = await body.ReadJsonAsync(request, AccountJson.Wire.CodeRequest, cancellationToken);
        return PortalResults.Json(
            request, await totp.ConfirmAsync(caller, code.Code, cancellationToken), AccountJson.Wire.RecoveryCodesResponse);
    }

    [Function("RemoveTotp")]
    [PortalOperation("Portal accounts", "Stop using the authenticator app: codes come by e-mail again", Request = typeof(PasswordRequest))]
    public async Task<IActionResult> RemoveTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp/remove")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (caller, password) = await WithPasswordAsync(request, cancellationToken);
        await totp.RemoveAsync(caller, password, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RenewRecoveryCodes")]
    [PortalOperation("Portal accounts", "New recovery codes; the old ones are void", Request = typeof(PasswordRequest),
        Response = typeof(RecoveryCodesResponse))]
    public async Task<IActionResult> RenewRecoveryCodes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/recovery-codes")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (caller, password) = await WithPasswordAsync(request, cancellationToken);
        return PortalResults.Json(
            request, await totp.RenewRecoveryCodesAsync(caller, password, cancellationToken), AccountJson.Wire.RecoveryCodesResponse);
    }

    [Function("GetAccountAudit")]
    [PortalOperation("Portal accounts", "What happened to this account, newest first", Query = "after?", Response = typeof(AuditPage))]
    public async Task<IActionResult> GetAccountAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/audit")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return PortalResults.Json(
            request, await audit.ReadAccountAsync(caller.Developer.Id, PortalResults.After(request), cancellationToken),
            AccountJson.Wire.AuditPage);
    }

    /// <summary>For changes that also need the password: a stranger at an unlocked screen must not make them.</summary>
    private async Task<(PortalCaller Caller, string? Password)> WithPasswordAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return (caller, (await body.ReadJsonAsync(request, AccountJson.Wire.PasswordRequest, cancellationToken)).Password);
    }
}
