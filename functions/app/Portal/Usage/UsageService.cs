using System.Globalization;
using Microsoft.Extensions.Options;
using Vox.Chat.Files;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Billing;

namespace Vox.Portal.Usage;

/// <summary>The dashboard's numbers: what a project used and what it was charged, day by day.</summary>
public sealed class UsageService(
    UsageCounters usage, FileMeter files, UserStore users, LedgerStore ledger, IOptions<BillingOptions> options)
{
    private const int MaxDays = 366;

    /// <param name="first">The first day; null: the first of this month.</param>
    /// <param name="last">The last day; null: today. Days in the future are left out.</param>
    /// <exception cref="VoxException">invalid_field</exception>
    public async Task<UsageResponse> ReadAsync(string projectId, DateOnly? first, DateOnly? last, CancellationToken cancellationToken)
    {
        var today = usage.Today();
        var from = first ?? new DateOnly(today.Year, today.Month, 1);
        var to = last ?? today;
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
                Text(day), count?.Messages ?? 0, count?.ActiveUsers ?? 0, charge?.Users, charge?.Bytes, charge?.UserCharge ?? 0,
                charge?.StorageCharge ?? 0, charge?.Total ?? 0));
        }

        var userCount = await users.CountAsync(projectId, cancellationToken);
        var bytes = await usage.BytesUntilAsync(projectId, today, cancellationToken) + await files.TotalAsync(projectId, cancellationToken);
        var balance = await ledger.BalanceAsync(projectId, cancellationToken) / LedgerStore.Scale;
        return new UsageResponse(
            Text(from), Text(to), options.Value.Currency, days, days.Sum(day => day.Messages), userCount, bytes,
            days.Sum(day => day.UserCharge), days.Sum(day => day.StorageCharge), days.Sum(day => day.Charge), balance);
    }

    /// <summary>The same as a CSV file: its name, its header, and its rows, of which there is one for each day.</summary>
    /// <exception cref="VoxException">invalid_field</exception>
    public async Task<(string Name, string[] Header, IEnumerable<string[]> Rows)> ExportAsync(
        string projectId, DateOnly? first, DateOnly? last, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(projectId, first, last, cancellationToken);
        return (
            $"usage-{found.From}-{found.To}.csv",
            [
                "Day (UTC)", "Messages", "Active users", "Users", "Storage (bytes)", $"Charge ({found.Currency})",
                $"For users ({found.Currency})", $"For storage ({found.Currency})",
            ],
            found.Days.Select(day => (string[])
            [
                day.Day, Text(day.Messages), Text(day.ActiveUsers), Text(day.Users), Text(day.StorageBytes),
                Money(day.Charge), Money(day.UserCharge), Money(day.StorageCharge),
            ]));
    }

    private static string Money(decimal amount) => amount.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
