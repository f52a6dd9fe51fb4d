using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;
using Vox.Portal.Http;

namespace Vox.Portal.Accounts;

/// <summary>What people do before they sign in: sign-up, activation, forgotten passwords.</summary>
public sealed class DeveloperFunctions(
    DeveloperService developers, PortalInfoService info, Captcha captcha, PortalSweep sweep, ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/portal/v1/";

    [Function("GetPortalInfo")]
    [ApiOperation("Portal accounts", "What the pages need to know before a sign-in", Response = typeof(PortalInfoResponse),
        Anonymous = true)]
    public IActionResult GetPortalInfo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "info")] HttpRequest request) =>
        PortalResults.Json(request, info.Read(), AccountJson.Wire.PortalInfoResponse);

    [Function("CreateCaptcha")]
    [ApiOperation("Portal accounts", "A captcha to solve (ALTCHA)", Response = typeof(CaptchaChallenge), Anonymous = true)]
    public async Task<IActionResult> CreateCaptcha(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "captcha")] HttpRequest request,
        CancellationToken cancellationToken) =>
        PortalResults.Json(request, await captcha.CreateAsync(cancellationToken), AccountJson.Wire.CaptchaChallenge);

    [Function("SignUp")]
    [ApiOperation("Portal accounts", "Sign up", Request = typeof(SignUpRequest), Anonymous = true)]
    public async Task<IActionResult> SignUp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var signUp = await body.ReadJsonAsync(request, AccountJson.Wire.SignUpRequest, cancellationToken);
        await developers.SignUpAsync(signUp, addresses.Of(request), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ActivateAccount")]
    [ApiOperation("Portal accounts", "Activate with the token of the e-mail", Request = typeof(TokenRequest), Anonymous = true)]
    public async Task<IActionResult> ActivateAccount(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts/activate")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var link = await body.ReadJsonAsync(request, AccountJson.Wire.TokenRequest, cancellationToken);
        await developers.ActivateAsync(link.Token, addresses.Of(request), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RenewActivation")]
    [ApiOperation("Portal accounts", "Send another activation link in place of one that has expired", Request = typeof(TokenRequest),
        Anonymous = true)]
    public async Task<IActionResult> RenewActivation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts/activate/renew")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var link = await body.ReadJsonAsync(request, AccountJson.Wire.TokenRequest, cancellationToken);
        await developers.RenewActivationAsync(link.Token, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ResendActivation")]
    [ApiOperation("Portal accounts", "Send the activation link again", Request = typeof(ResendRequest), Anonymous = true)]
    public async Task<IActionResult> ResendActivation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts/resend")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var resend = await body.ReadJsonAsync(request, AccountJson.Wire.ResendRequest, cancellationToken);
        await developers.ResendAsync(resend, addresses.Of(request), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ForgotPassword")]
    [ApiOperation("Portal accounts", "Ask for a link to set a new password", Request = typeof(ForgotRequest), Anonymous = true)]
    public async Task<IActionResult> ForgotPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts/forgot")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var forgot = await body.ReadJsonAsync(request, AccountJson.Wire.ForgotRequest, cancellationToken);
        await developers.ForgotAsync(forgot, addresses.Of(request), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ResetPassword")]
    [ApiOperation("Portal accounts", "Set a new password with the token of the e-mail", Request = typeof(ResetRequest), Anonymous = true)]
    public async Task<IActionResult> ResetPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "accounts/reset")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var reset = await body.ReadJsonAsync(request, AccountJson.Wire.ResetRequest, cancellationToken);
        await developers.ResetAsync(reset, addresses.Of(request), cancellationToken);
        return WireResults.NoContent;
    }

    /// <summary>Every night, removes what has expired.</summary>
    [Function("SweepPortal")]
    public Task SweepPortal([TimerTrigger("0 20 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweep.RunAsync(cancellationToken);
}
