using Azure;
using Azure.Data.Tables;

namespace Vox.Portal.Billing;

/// <summary>The charges of days: all days of a charge in one transaction.</summary>
public sealed partial class LedgerStore
{
    /// <summary>A day has at most four rows of the hundred of a transaction.</summary>
    public const int MaxDays = 20;

    public async Task<LedgerHead?> FindHeadAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerBalance, cancellationToken) is { } row
            ? new LedgerHead(
                row.GetInt64("Number") ?? 0, row.GetInt64("Balance") ?? 0, row.GetInt64("Invoices") ?? 0, row.GetBoolean("Told") is true,
                DayOf(row, "ChargedThrough"), DayOf(row, "StatementDue"), row.ETag)
            : null;

    /// <summary>What was noted and booked for these days.</summary>
    public async Task<KnownDays> KnownDaysAsync(string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken) => new(
        (await ChargesAsync(projectId, from, to, cancellationToken)).ToDictionary(charge => charge.Day),
        await BookedDaysAsync(projectId, from, to, cancellationToken));

    /// <summary>Notes and books the charges of days, all or nothing.</summary>
    /// <param name="head">As it was read.</param>
    /// <param name="charges">Of successive days of a month.</param>
    /// <param name="known">What is noted or booked already, and is not written again.</param>
    /// <returns>The new head. Null when the ledger has changed since it was read, or a day was noted before.</returns>
    public async Task<LedgerHead?> TryChargeAsync(
        string projectId, LedgerHead? head, IReadOnlyList<Charge> charges, KnownDays known, CancellationToken cancellationToken)
    {
        var partition = PortalKeys.Ledger(projectId);
        var (number, balance, last, now) = (head?.Number ?? 0, head?.Balance ?? 0, charges[^1].Day, time.GetUtcNow());
        var rows = new List<TableTransactionAction>();
        foreach (var charge in charges)
        {
            if (!known.Noted.ContainsKey(charge.Day))
            {
                rows.Add(new(TableTransactionActionType.Add, ToRow(projectId, charge)));
            }

            var key = PortalKeys.LedgerKey(ChargeKey(charge.Day));
            if (charge.Total != 0 && !known.Booked.Contains(key))
            {
                number++;
                var amount = (long)(charge.Total * Scale);
                balance -= amount;
                rows.Add(new(TableTransactionActionType.Add, new TableEntity(partition, key) { ["Number"] = number }));
                rows.Add(new(TableTransactionActionType.Add, Line(charge, 1, "credits", -amount)));
                rows.Add(new(TableTransactionActionType.Add, Line(charge, 2, "revenue", amount)));
            }
        }

        var ends = last.AddDays(1).Day == 1 && (number > 0 || charges.Any(charge => charge.Total != 0));
        var row = new TableEntity(partition, PortalKeys.LedgerBalance)
        {
            ["Number"] = number,
            ["Balance"] = balance,
            ["Invoices"] = head?.Invoices ?? 0,
            ["Told"] = head?.Told is true && balance < Low,
            ["ChargedThrough"] = last.DayNumber,
            ["StatementDue"] = ends ? new DateOnly(last.Year, last.Month, 1).DayNumber : null,
        };
        try
        {
            var answer = await table.SubmitAsync(
                [
                    head is null
                        ? new(TableTransactionActionType.Add, row)
                        : new(TableTransactionActionType.UpdateReplace, row, head.Version),
                    .. rows,
                ],
                cancellationToken);
            return new LedgerHead(
                number, balance, head?.Invoices ?? 0, head?.Told is true && balance < Low, last, DayOf(row, "StatementDue"),
                answer.Headers.ETag.GetValueOrDefault());
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }

        TableEntity Line(Charge charge, int line, string account, long value) => new(partition, PortalKeys.LedgerEntry(number, line))
        {
            ["Number"] = number,
            ["At"] = now,
            ["Kind"] = "charge",
            ["Detail"] = $"{charge.Day:yyyy-MM-dd}: {charge.Users} users, {charge.Bytes} bytes",
            ["Account"] = account,
            ["Amount"] = value,
            ["Balance"] = balance,
        };
    }

    /// <summary>The statement of this month is written, or there is none.</summary>
    public async Task EndStatementAsync(string projectId, DateOnly month, CancellationToken cancellationToken)
    {
        while (await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerBalance, cancellationToken) is { } head
            && DayOf(head, "StatementDue") == month)
        {
            head["StatementDue"] = null;
            if (await table.TryReplaceAsync(head, head.ETag, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private static DateOnly? DayOf(TableEntity row, string column) =>
        row.GetInt32(column) is { } day ? DateOnly.FromDayNumber(day) : null;
}
