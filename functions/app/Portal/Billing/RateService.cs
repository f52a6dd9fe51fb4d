using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.Billing;

/// <summary>The prices of a project: the standard rates, or what operators have agreed with the customer.</summary>
public sealed class RateService(RateStore store, PriceList prices, UsageCounters usage, AuditLog audit, IOptions<BillingOptions> options)
{
    /// <summary>The rates of today, and those that follow.</summary>
    public async Task<PricesResponse> ReadPricesAsync(string projectId, CancellationToken cancellationToken)
    {
        var changes = await store.ReadAsync(projectId, cancellationToken);
        var today = usage.Today();
        return new PricesResponse(
            options.Value.Currency, ToWire(prices.On(today, changes)),
            [.. changes.Where(c => c.From > today).Select(c => ToWire(prices.On(c.From, changes)))]);
    }

    /// <summary>The same as a spreadsheet (.xlsx).</summary>
    public async Task<byte[]> ExportPricesAsync(Project project, CancellationToken cancellationToken) =>
        prices.Spreadsheet(project.Name, usage.Today(), await store.ReadAsync(project.Id, cancellationToken));

    /// <summary>What was set for a project, oldest first.</summary>
    public async Task<RatesResponse> ReadAsync(Project project, CancellationToken cancellationToken) => new(
        project.Id, project.Name,
        (await store.ReadAsync(
            project.Id, cancellationToken)).ConvertAll(c => new RateChangeResponse(Text(c.From), c.UserPrices, c.StoragePrices)));

    /// <summary>Sets the rates of a project from a day on.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field, limit_reached</exception>
    public async Task<RatesResponse> SetAsync(Project project, RatesRequest request, CancellationToken cancellationToken)
    {
        var change = new RateChange(
            Day(request.From), Tiers(request.UserPrices, "userPrices"), Tiers(request.StoragePrices, "storagePrices"));
        var known = await store.ReadAsync(project.Id, cancellationToken);
        if (known.Count >= RateStore.MaxChanges && known.TrueForAll(c => c.From != change.From))
        {
            throw new VoxException(Errors.LimitReached, $"A project may have at most {RateStore.MaxChanges} changes of its rates.", "from");
        }

        await store.SetAsync(project.Id, change, cancellationToken);
        await audit.OfProjectAsync(
            project.Id, "operator", "rates.changed",
            $"From {Text(change.From)}: users {change.UserPrices ?? "standard"}, storage {change.StoragePrices ?? "standard"}", "",
            cancellationToken);
        return await ReadAsync(project, cancellationToken);
    }

    /// <summary>Takes back a change that has not begun.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    public async Task<RatesResponse> RemoveAsync(Project project, string? from, CancellationToken cancellationToken)
    {
        var day = Day(from);
        await store.RemoveAsync(project.Id, day, cancellationToken);
        await audit.OfProjectAsync(project.Id, "operator", "rates.removed", $"From {Text(day)}", "", cancellationToken);
        return await ReadAsync(project, cancellationToken);
    }

    /// <summary>Not before today: days that are over may be charged already, and a charge never changes.</summary>
    private DateOnly Day(string? text) => text switch
    {
        null or "" => throw new VoxException(
            Errors.MissingField, "from is missing: the first day of the rates, such as 2026-12-01.", "from"),
        _ when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day >= usage.Today() && day < usage.Today().AddYears(10) => day,
        _ => throw new VoxException(
            Errors.InvalidField, $"from must be a day such as 2026-12-01, not before {Text(usage.Today())} and within ten years.", "from"),
    };

    private static string? Tiers(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var list = text.Trim();
        if (list.Length > 500 || !Regex.IsMatch(list, BillingOptions.TierList, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            || BillingOptions.Parse(list).Select(tier => tier.UpTo ?? int.MaxValue).ToList() is var ends
                && !ends.Zip(ends.Skip(1)).All(p => p.First < p.Second))
        {
            throw new VoxException(
                Errors.InvalidField,
                $"{field} must be tiers in ascending order, such as \"100:0 1000:0.05 *:0.03\", or absent for the standard prices.", field);
        }

        return list;
    }

    private static PriceListResponse ToWire(Rates rates) =>
        new(rates.Custom, rates.Since is { } day ? Text(day) : null, rates.Users, rates.Storage);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
