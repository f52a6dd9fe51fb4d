using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Payments for credits.</summary>
public sealed class PaymentFunctions(PaymentService payments, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/payments";

    [Function("BeginPayment")]
    [PortalOperation("Portal billing", "Begin to add credits", Request = typeof(PaymentRequest), Response = typeof(PaymentStarted))]
    public async Task<IActionResult> BeginPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        payments.CheckSetUp();
        var payment = await body.ReadJsonAsync(request, BillingJson.Wire.PaymentRequest, cancellationToken);
        return PortalResults.Json(request, await payments.BeginAsync(caller, payment, cancellationToken), BillingJson.Wire.PaymentStarted);
    }

    [Function("GetPayment")]
    [PortalOperation("Portal billing", "A payment", Response = typeof(PaymentResponse))]
    public async Task<IActionResult> GetPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{paymentId}")] HttpRequest request,
        string projectId, string paymentId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        return PortalResults.Json(
            request, await payments.ReadAsync(projectId, paymentId, cancellationToken), BillingJson.Wire.PaymentResponse);
    }

    /// <summary>Only where the setting <c>Billing:Sandbox</c> asks for it; the page says that no money moves.</summary>
    [Function("CompleteSandboxPayment")]
    [PortalOperation("Portal billing", "Decide a sandbox payment", Request = typeof(SandboxRequest))]
    public async Task<IActionResult> CompleteSandboxPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{paymentId}/sandbox")] HttpRequest request, string projectId,
        string paymentId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        // Checked before the body is read: where there is no sandbox, the answer is not_found whatever the body says.
        payments.CheckSandbox();
        var decision = await body.ReadJsonAsync(request, BillingJson.Wire.SandboxRequest, cancellationToken);
        await payments.DecideSandboxAsync(caller, paymentId, decision.Paid, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("StripeWebhook")]
    [ApiOperation("Portal billing", "Stripe tells what was paid; signed", Anonymous = true)]
    public async Task<IActionResult> StripeWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/portal/v1/webhooks/stripe")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        // Checked before the body is read: where there is no webhook, the answer is not_found whatever the body says.
        payments.CheckWebhook();
        var content = Encoding.UTF8.GetString((await body.ReadAsync(request, cancellationToken)).Span);
        await payments.ReceiveWebhookAsync(content, request.Headers["Stripe-Signature"], cancellationToken);
        return WireResults.NoContent;
    }
}
