using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>
/// Prices of a project: its members read them, an operator sets them. Operators have no accounts here; what they have is the master key
/// of the function app, which the host checks.
/// </summary>
public sealed class RateFunctions(
    ProjectCallers access, ProjectService projects, RateStore store, PriceList prices, UsageCounters usage, AuditLog audit, RequestBody body,
    IOptions<BillingOptions> options)
{
    private const string Operator = "api/operator/v1/projects/{projectId}/rates";

    [Function("GetPrices")]
    [PortalOperation("Portal billing", "The rates of a project, and those that follow", Response = typeof(PricesResponse))]
    public async Task<IActionResult> GetPrices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/portal/v1/projects/{projectId}/pricing")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var changes = await store.ReadAsync(projectId, cancellationToken);
        var today = usage.Today();
        return PortalResults.Json(
            request,
            new PricesResponse(
                options.Value.Currency, ToWire(prices.On(today, changes)),
                [.. changes.Where(c => c.From > today).Select(c => ToWire(prices.On(c.From, changes)))]),
            BillingJson.Wire.PricesResponse);
    }

    [Function("GetProjectRates")]
    [ApiOperation("Operators", "The rates that were set for a project, with the master key", Response = typeof(RatesResponse), Anonymous = true)]
    public async Task<IActionResult> GetProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Operator)] HttpRequest request, string projectId, CancellationToken cancellationToken) =>
        await AnswerAsync(request, await projects.GetAsync(projectId, cancellationToken), cancellationToken);

    [Function("SetProjectRates")]
    [ApiOperation("Operators", "Set a project's rates from a day on, with the master key", Request = typeof(RatesRequest), Response = typeof(RatesResponse), Anonymous = true)]
    public async Task<IActionResult> SetProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "put", Route = Operator)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, BillingJson.Wire.RatesRequest, cancellationToken);
        var change = new RateChange(Day(wanted.From), Tiers(wanted.UserPrices, "userPrices"), Tiers(wanted.StoragePrices, "storagePrices"));
        var known = await store.ReadAsync(projectId, cancellationToken);
        if (known.Count >= RateStore.MaxChanges && known.TrueForAll(c => c.From != change.From))
        {
            throw new VoxException(Errors.LimitReached, $"A project may have at most {RateStore.MaxChanges} changes of its rates.", "from");
        }

        await store.SetAsync(projectId, change, cancellationToken);
        await audit.OfProjectAsync(
            projectId, "operator", "rates.changed",
            $"From {Text(change.From)}: users {change.UserPrices ?? "standard"}, storage {change.StoragePrices ?? "standard"}", "", cancellationToken);
        return await AnswerAsync(request, project, cancellationToken);
    }

    [Function("RemoveProjectRates")]
    [ApiOperation("Operators", "Take back a change of rates that has not begun, with the master key", Query = "from", Response = typeof(RatesResponse), Anonymous = true)]
    public async Task<IActionResult> RemoveProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = Operator)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var from = Day(request.Query["from"]);
        await store.RemoveAsync(projectId, from, cancellationToken);
        await audit.OfProjectAsync(projectId, "operator", "rates.removed", $"From {Text(from)}", "", cancellationToken);
        return await AnswerAsync(request, project, cancellationToken);
    }

    private async Task<IActionResult> AnswerAsync(HttpRequest request, Project project, CancellationToken cancellationToken) => PortalResults.Json(
        request,
        new RatesResponse(
            project.Id, project.Name,
            (await store.ReadAsync(project.Id, cancellationToken)).ConvertAll(c => new RateChangeResponse(Text(c.From), c.UserPrices, c.StoragePrices))),
        BillingJson.Wire.RatesResponse);

    /// <summary>Not before today: what is over may be charged already, and a charge never changes.</summary>
    private DateOnly Day(string? text) => text switch
    {
        null or "" => throw new VoxException(Errors.MissingField, "from is missing: the first day of the rates, such as 2026-12-01.", "from"),
        _ when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day >= usage.Today() && day < usage.Today().AddYears(10) => day,
        _ => throw new VoxException(Errors.InvalidField, $"from must be a day such as 2026-12-01, not before {Text(usage.Today())} and within ten years.", "from"),
    };

    private static string? Tiers(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var list = text.Trim();
        if (list.Length > 500 || !Regex.IsMatch(list, BillingOptions.TierList, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            || BillingOptions.Parse(list).Select(tier => tier.UpTo ?? int.MaxValue).ToList() is var ends && !ends.Zip(ends.Skip(1)).All(p => p.First < p.Second))
        {
            throw new VoxException(
                Errors.InvalidField, $"{field} must be tiers in ascending order, such as \"100:0 1000:0.05 *:0.03\", or absent for the standard prices.", field);
        }

        return list;
    }

    private static PriceListResponse ToWire(Rates rates) => new(rates.Custom, rates.Since is { } day ? Text(day) : null, rates.Users, rates.Storage);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
