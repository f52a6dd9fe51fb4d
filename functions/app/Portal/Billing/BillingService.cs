using System.Globalization;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Platform.Timers;

namespace Vox.Portal.Billing;

/// <summary>
/// Charges every project once for each day: with one read of the ledger, one of the usage, and one transaction. What is special costs
/// more: the first charge, a low balance, the end of a month.
/// </summary>
public sealed class BillingService(
    ProjectStore projects, UsageCounters usage, UsageFold fold, RateStore rates, PriceList prices, LedgerStore ledger,
    InvoiceService invoices, LowBalanceMail warning, TimerRuns timers)
{
    /// <summary>How many days are still charged later if the timer was down. Older days are not charged at all.</summary>
    private const int MaxBacklog = 35;

    /// <summary>The day up to which all projects were charged, except for those that fail.</summary>
    private const string Done = "done";

    /// <summary>Charges every project for each day that is over and not charged yet. It may run twice, also at the same time.</summary>
    public async Task ChargeAllAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ChargeProjects", cancellationToken);
        var yesterday = usage.Today().AddDays(-1);
        if (await run.FindNoteAsync(Done) == Text(yesterday))
        {
            // The timer runs every hour, for what has failed.
            if (await run.DueAgainAsync() is { Count: > 0 } failed)
            {
                var again = await BeginAsync(yesterday, cancellationToken);
                await run.EachAsync(failed, id => id, async (id, token) => await ChargeAsync(
                    await projects.FindAsync(id, token), again, token));
            }

            return;
        }

        var work = await BeginAsync(yesterday, cancellationToken);
        if (await run.EachFromAsync(
            after => projects.EnumerateAsync(after, cancellationToken),
            project => project.Id,
            (project, token) => ChargeAsync(project, work, token)))
        {
            await run.SaveNoteAsync(Done, Text(yesterday));
        }
    }

    /// <summary>What all projects need: one request each, not one for each project.</summary>
    private async Task<Work> BeginAsync(DateOnly yesterday, CancellationToken cancellationToken)
    {
        await usage.FlushAsync(cancellationToken);
        return new Work(
            yesterday, await fold.UnfoldedAsync(yesterday, cancellationToken), await rates.ReadAllAsync(cancellationToken));
    }

    private async Task ChargeAsync(Project? project, Work work, CancellationToken cancellationToken)
    {
        if (project is not { DeletedAt: null })
        {
            return;
        }

        var created = DateOnly.FromDateTime(project.CreatedAt.UtcDateTime);
        var oldest = work.Yesterday.AddDays(1 - MaxBacklog);
        var first = created > oldest ? created : oldest;
        if (first > work.Yesterday)
        {
            return;
        }

        if (work.Unfolded[project.Id].ToList() is { Count: > 0 } changes)
        {
            await fold.FoldAsync(project.Id, changes, cancellationToken);
        }

        var head = await ledger.FindHeadAsync(project.Id, cancellationToken);
        var looksClosely = false;
        while (true)
        {
            if (head?.StatementDue is { } month)
            {
                await invoices.WriteStatementAsync(project, month, cancellationToken);
                head = await ledger.FindHeadAsync(project.Id, cancellationToken);
                continue;
            }

            var from = head is { ChargedThrough: { } through } && through >= first ? through.AddDays(1) : first;
            if (from > work.Yesterday)
            {
                return;
            }

            var after = await TryChargeAsync(project, work, head, from, looksClosely, cancellationToken);
            looksClosely = after is null;
            head = after ?? await ledger.FindHeadAsync(project.Id, cancellationToken);
        }
    }

    /// <summary>Charges the next days: as many as fit into a transaction, and not beyond the end of a month.</summary>
    /// <param name="looksClosely">
    /// Whether to read what was noted and booked before. It is not needed where the ledger says up to which day it has charged.
    /// </param>
    /// <returns>The new head. Null when the ledger has changed meanwhile, or was written by an earlier version.</returns>
    private async Task<LedgerHead?> TryChargeAsync(
        Project project, Work work, LedgerHead? head, DateOnly from, bool looksClosely, CancellationToken cancellationToken)
    {
        var to = new DateOnly(from.Year, from.Month, 1).AddMonths(1).AddDays(-1);
        to = to < from.AddDays(LedgerStore.MaxDays - 1) ? to : from.AddDays(LedgerStore.MaxDays - 1);
        to = to < work.Yesterday ? to : work.Yesterday;
        var known = looksClosely
            ? await ledger.KnownDaysAsync(project.Id, from, to, cancellationToken)
            : KnownDays.None;
        var changes = work.Rates[project.Id].ToList();
        var charges = (await fold.ReadAsync(project.Id, from, to, cancellationToken)).Select(
            day => known.Noted.GetValueOrDefault(day.Day)
                ?? prices.ChargeOf(day.Day, (int)day.Users, day.FileBytes + day.MessageBytes, changes)).ToList();
        var after = await ledger.TryChargeAsync(project.Id, head, charges, known, cancellationToken);
        if (after is { Told: false } && after.Balance != (head?.Balance ?? 0))
        {
            await warning.SendIfLowAsync(project, after.Balance, cancellationToken);
        }

        return after;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record Work(DateOnly Yesterday, ILookup<string, FoldMark> Unfolded, ILookup<string, RateChange> Rates);
}
