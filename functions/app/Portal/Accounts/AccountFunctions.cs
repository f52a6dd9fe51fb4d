using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.Storage;
using Vox.Portal.Http;

namespace Vox.Portal.Accounts;

/// <summary>What a signed-in developer does with the own account.</summary>
public sealed class AccountFunctions(
    DeveloperService developers, Totp totp, PortalCallers callers, PortalSessions sessions, RequestBody body, AuditLog audit)
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
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/password")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var change = await body.ReadJsonAsync(request, AccountJson.Wire.ChangePasswordRequest, cancellationToken);
        await developers.ChangePasswordAsync(caller, change, cancellationToken);
        await sessions.BeginAsync(request.HttpContext, caller.Developer.Id, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("BeginTotp")]
    [PortalOperation("Portal accounts", "Begin to use an authenticator app", Request = typeof(PasswordRequest), Response = typeof(TotpSetupResponse))]
    public async Task<IActionResult> BeginTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await WithPasswordAsync(request, cancellationToken);
        return PortalResults.Json(request, await totp.BeginAsync(caller.Developer, cancellationToken), AccountJson.Wire.TotpSetupResponse);
    }

    [Function("ConfirmTotp")]
    [PortalOperation("Portal accounts", "Confirm the authenticator app with a code; answers the recovery codes, once", Request = typeof(CodeRequest),
        Response = typeof(RecoveryCodesResponse))]
    public async Task<IActionResult> ConfirmTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp/confirm")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var code = await body.ReadJsonAsync(request, AccountJson.Wire.CodeRequest, cancellationToken);
        var codes = await totp.ConfirmAsync(caller.Developer, code.Code, cancellationToken);
        await RecordAsync(caller, "account.totp_added", cancellationToken);
        return PortalResults.Json(request, new RecoveryCodesResponse(codes), AccountJson.Wire.RecoveryCodesResponse);
    }

    [Function("RemoveTotp")]
    [PortalOperation("Portal accounts", "Stop using the authenticator app: codes come by e-mail again", Request = typeof(PasswordRequest))]
    public async Task<IActionResult> RemoveTotp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/totp/remove")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await WithPasswordAsync(request, cancellationToken);
        await totp.RemoveAsync(caller.Developer, cancellationToken);
        await RecordAsync(caller, "account.totp_removed", cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RenewRecoveryCodes")]
    [PortalOperation("Portal accounts", "New recovery codes; the old ones are void", Request = typeof(PasswordRequest),
        Response = typeof(RecoveryCodesResponse))]
    public async Task<IActionResult> RenewRecoveryCodes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/recovery-codes")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await WithPasswordAsync(request, cancellationToken);
        var codes = await totp.RenewRecoveryCodesAsync(caller.Developer, cancellationToken);
        await RecordAsync(caller, "account.recovery_codes_renewed", cancellationToken);
        return PortalResults.Json(request, new RecoveryCodesResponse(codes), AccountJson.Wire.RecoveryCodesResponse);
    }

    [Function("GetAccountAudit")]
    [PortalOperation("Portal accounts", "What happened to this account, newest first", Query = "after?", Response = typeof(AuditPage))]
    public async Task<IActionResult> GetAccountAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var (entries, next) = await audit.ReadAsync(PortalKeys.DeveloperAudit(caller.Developer.Id), PortalResults.After(request), 50, cancellationToken);
        return PortalResults.Json(request, new AuditPage(entries, next), AccountJson.Wire.AuditPage);
    }

    /// <summary>For what a stranger at an unlocked screen must not do.</summary>
    private async Task<PortalCaller> WithPasswordAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var password = await body.ReadJsonAsync(request, AccountJson.Wire.PasswordRequest, cancellationToken);
        await developers.CheckPasswordAsync(caller.Developer, password.Password, cancellationToken);
        return caller;
    }

    private Task RecordAsync(PortalCaller caller, string action, CancellationToken cancellationToken) =>
        audit.OfAccountAsync(caller.Developer.Id, caller.Developer.Email, action, "", caller.Address, cancellationToken);
}
