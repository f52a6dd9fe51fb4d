using Vox.Chat.Files;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.Timers;

namespace Vox.Portal.Billing;

/// <summary>Charges every project once for each day.</summary>
public sealed class BillingService(
    ProjectStore projects, UsageCounters usage, FileMeter files, UserStore users, RateStore rates, PriceList prices,
    LedgerStore ledger, InvoiceService invoices, LowBalanceMail warning, TimerRuns timers)
{
    /// <summary>How many days are still charged later if the timer was down. Older days are not charged at all.</summary>
    private const int MaxBacklog = 35;

    /// <summary>Charges every project for each day that is over and not charged yet. It may run twice, also at the same time.</summary>
    public async Task ChargeAllAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ChargeProjects", cancellationToken);
        await run.EachFromAsync(
            after => projects.EnumerateAsync(after, cancellationToken),
            project => project.Id,
            (project, token) => project.DeletedAt is null ? ChargeAsync(project, token) : Task.CompletedTask);
    }

    public async Task ChargeAsync(Project project, CancellationToken cancellationToken)
    {
        var yesterday = usage.Today().AddDays(-1);
        var created = DateOnly.FromDateTime(project.CreatedAt.UtcDateTime);
        var first = created > yesterday.AddDays(1 - MaxBacklog) ? created : yesterday.AddDays(1 - MaxBacklog);
        if (first > yesterday)
        {
            return;
        }

        var noted = (await ledger.ChargesAsync(project.Id, first, yesterday, cancellationToken)).ToDictionary(charge => charge.Day);
        var booked = await ledger.BookedDaysAsync(project.Id, first, yesterday, cancellationToken);
        int? count = null;
        IReadOnlyList<RateChange>? changes = null;
        for (var day = first; day <= yesterday; day = day.AddDays(1))
        {
            if (!noted.TryGetValue(day, out var charge))
            {
                // Nobody knows how many users there were on a day long past: after a longer stop, the number of today is charged.
                count ??= await users.CountAsync(project.Id, cancellationToken);
                var stored = await files.StoredAsync(project.Id, day, cancellationToken);
                changes ??= await rates.ReadAsync(project.Id, cancellationToken);
                charge = prices.ChargeOf(
                    day, count.Value, stored + await usage.BytesUntilAsync(project.Id, day, cancellationToken), changes);
                if (!await ledger.TryNoteChargeAsync(project.Id, charge, cancellationToken))
                {
                    charge = (await ledger.FindChargeAsync(project.Id, day, cancellationToken))!;
                }
            }

            // Also books a day that an earlier run has noted and not booked, because it ended between the two steps.
            if (!booked.Contains(PortalKeys.LedgerKey(LedgerStore.ChargeKey(day))))
            {
                await BookAsync(project, charge, cancellationToken);
            }
        }

        // Only after a run that has charged something: the other runs would look in vain, every hour.
        for (var month = new DateOnly(first.Year, first.Month, 1);
            count is not null && month.AddMonths(1) <= yesterday.AddDays(1);
            month = month.AddMonths(1))
        {
            await invoices.WriteStatementAsync(project, month, cancellationToken);
        }
    }

    private async Task BookAsync(Project project, Charge charge, CancellationToken cancellationToken)
    {
        if (charge.Total == 0)
        {
            return;
        }

        var balance = await ledger.BookAsync(
            project.Id, LedgerStore.ChargeKey(charge.Day), "charge", $"{charge.Day:yyyy-MM-dd}: {charge.Users} users, {charge.Bytes} bytes",
            -(long)(charge.Total * LedgerStore.Scale), "revenue", null, cancellationToken);
        if (balance is { } left)
        {
            await warning.SendIfLowAsync(project, left, cancellationToken);
        }
    }
}
