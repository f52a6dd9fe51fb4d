using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Chat.Files;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Pricing, credits and the dashboard's numbers.</summary>
public sealed class BillingFunctions(
    ProjectCallers access, PortalProjectService service, BillingService billing, LedgerStore ledger, PaymentStore payments, IPaymentGateway gateway, PriceList prices, RateStore rates,
    UsageCounters usage, FileMeterStore files, UserStore users, RequestBody body, IOptions<BillingOptions> options, TimeProvider time)
{
    private const string Base = "api/portal/v1/projects/{projectId}/";
    private const int MaxDays = 366;

    [Function("GetPricing")]
    [PortalOperation("Portal billing", "The price list as .xlsx", Response = typeof(object))]
    public async Task<IActionResult> GetPricing(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "pricing.xlsx")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var changes = await rates.ReadAsync(projectId, cancellationToken);
        return PortalResults.Download(
            request, prices.Spreadsheet(caller.Project.Name, usage.Today(), changes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "vox-pricing.xlsx");
    }

    [Function("GetCredits")]
    [PortalOperation("Portal billing", "Balance and ledger, newest first", Query = "before?", Response = typeof(CreditsResponse))]
    public async Task<IActionResult> GetCredits(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "credits")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        const int Size = 50;
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var before = RequestFields.OfQuery(request).Number("before", 0, int.MaxValue, 0);
        var entries = await ledger.ReadAsync(projectId, before == 0 ? null : before, Size + 1, cancellationToken);
        var set = options.Value;
        return PortalResults.Json(
            request,
            new CreditsResponse(
                await ledger.BalanceAsync(projectId, cancellationToken) / LedgerStore.Scale, set.Currency, gateway.Name, set.MinPayment, set.MaxPayment, set.LowBalance,
                [.. entries.Take(Size).Select(e => new LedgerLine(e.Number, e.At, e.Kind, e.Detail, e.Amount / LedgerStore.Scale, e.Balance / LedgerStore.Scale))],
                entries.Count > Size ? entries[Size - 1].Number : null),
            BillingJson.Wire.CreditsResponse);
    }

    [Function("BeginPayment")]
    [PortalOperation("Portal billing", "Begin to add credits", Request = typeof(PaymentRequest), Response = typeof(PaymentStarted))]
    public async Task<IActionResult> BeginPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "payments")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        var payment = await body.ReadJsonAsync(request, BillingJson.Wire.PaymentRequest, cancellationToken);
        var started = await billing.BeginPaymentAsync(caller, payment, cancellationToken);
        await service.RecordAsync(caller, "credits.payment_started", $"{payment.Amount:0.00} {options.Value.Currency}", cancellationToken);
        return PortalResults.Json(request, started, BillingJson.Wire.PaymentStarted);
    }

    [Function("GetPayment")]
    [PortalOperation("Portal billing", "A payment", Response = typeof(PaymentResponse))]
    public async Task<IActionResult> GetPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "payments/{paymentId}")] HttpRequest request, string projectId, string paymentId,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        var payment = await payments.FindAsync(projectId, paymentId, cancellationToken)
            ?? throw new VoxException(Errors.NotFound, "There is no such payment.");
        return PortalResults.Json(
            request, new PaymentResponse(payment.Id, payment.Amount, options.Value.Currency, payment.Status), BillingJson.Wire.PaymentResponse);
    }

    /// <summary>Only where no payment provider is configured, which is said on the page.</summary>
    [Function("CompleteSandboxPayment")]
    [PortalOperation("Portal billing", "Decide a sandbox payment", Request = typeof(SandboxRequest))]
    public async Task<IActionResult> CompleteSandboxPayment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "payments/{paymentId}/sandbox")] HttpRequest request, string projectId,
        string paymentId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.AddCredits, cancellationToken);
        if (gateway is not SandboxGateway)
        {
            throw new VoxException(Errors.NotFound, "There is nothing at this address.");
        }

        if ((await body.ReadJsonAsync(request, BillingJson.Wire.SandboxRequest, cancellationToken)).Paid)
        {
            await billing.CompletePaymentAsync(projectId, paymentId, null, gateway.Name, cancellationToken);
            await service.RecordAsync(caller, "credits.added", "Sandbox payment " + paymentId, cancellationToken);
        }
        else
        {
            await billing.CancelPaymentAsync(projectId, paymentId, cancellationToken);
        }

        return WireResults.NoContent;
    }

    [Function("StripeWebhook")]
    [ApiOperation("Portal billing", "Stripe tells what was paid; signed", Anonymous = true)]
    public async Task<IActionResult> StripeWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/portal/v1/webhooks/stripe")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (options.Value.StripeWebhookSecret is not { Length: > 0 } secret)
        {
            throw new VoxException(Errors.NotFound, "There is nothing at this address.");
        }

        var text = Encoding.UTF8.GetString((await body.ReadAsync(request, cancellationToken)).Span);
        if (StripeGateway.ReadEvent(text, request.Headers["Stripe-Signature"], secret, time.GetUtcNow()) is var (projectId, paymentId, cents))
        {
            await billing.CompletePaymentAsync(projectId, paymentId, cents, "stripe", cancellationToken);
        }

        return WireResults.NoContent;
    }

    [Function("GetUsage")]
    [PortalOperation("Portal usage", "Usage and charges per day, at most 366; default: this month", Query = "from? to?", Response = typeof(UsageResponse))]
    public async Task<IActionResult> GetUsage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "usage")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await UsageAsync(request, projectId, cancellationToken), BillingJson.Wire.UsageResponse);
    }

    [Function("ExportUsage")]
    [PortalOperation("Portal usage", "The same as CSV", Query = "from? to?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "usage.csv")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var found = await UsageAsync(request, projectId, cancellationToken);
        var csv = new Csv("Day (UTC)", "Messages", "Active users", "Users", "Storage (bytes)", $"Charge ({found.Currency})");
        foreach (var day in found.Days)
        {
            csv.Row(
                day.Day, Text(day.Messages), Text(day.ActiveUsers), Text(day.Users), Text(day.StorageBytes), day.Charge.ToString("0.0000", CultureInfo.InvariantCulture));
        }

        return PortalResults.Download(request, csv.ToBytes(), "text/csv; charset=utf-8", $"usage-{found.From}-{found.To}.csv");

        static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Every hour: the days that are over. Once per project and day, by the ledger's keys.</summary>
    [Function("ChargeProjects")]
    public Task ChargeProjects([TimerTrigger("0 10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        billing.ChargeAllAsync(cancellationToken);

    private async Task<UsageResponse> UsageAsync(HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var today = usage.Today();
        var from = Day(request, "from") ?? new DateOnly(today.Year, today.Month, 1);
        var to = Day(request, "to") ?? today;
        if (from > to || to.DayNumber - from.DayNumber >= MaxDays)
        {
            throw new VoxException(Errors.InvalidField, $"from may not be after to, nor more than {MaxDays} days before it.", "from");
        }

        var counts = (await usage.ReadAsync(projectId, from, to, cancellationToken)).ToDictionary(day => day.Day);
        var charges = (await ledger.ChargesAsync(projectId, from, to, cancellationToken)).ToDictionary(charge => charge.Day);
        var days = new List<UsageDayResponse>();
        for (var day = from; day <= to && day <= today; day = day.AddDays(1))
        {
            var count = counts.GetValueOrDefault(day);
            var charge = charges.GetValueOrDefault(day);
            days.Add(new UsageDayResponse(
                day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), count?.Messages ?? 0, count?.ActiveUsers ?? 0, charge?.Users, charge?.Bytes, charge?.Total ?? 0));
        }

        return new UsageResponse(
            from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), options.Value.Currency, days,
            days.Sum(day => day.Messages), await users.CountAsync(projectId, cancellationToken), await usage.BytesUntilAsync(projectId, today, cancellationToken) + await files.TotalAsync(projectId, cancellationToken),
            days.Sum(day => day.Charge), await ledger.BalanceAsync(projectId, cancellationToken) / LedgerStore.Scale);
    }

    private static DateOnly? Day(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9000 => day,
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be a day such as 2026-01-31.", name),
    };
}
