using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Portal.Billing;

/// <summary>
/// Double entry, in table <c>ledger</c>. Every transaction adds two lines that sum to zero, changes the balance and takes a key, all in one
/// entity-group transaction. The key makes sure that a repetition does nothing. Lines are added, never changed.
/// </summary>
public sealed partial class LedgerStore(StorageClients storage, IOptions<BillingOptions> options, TimeProvider time)
{
    /// <summary>Amounts are stored as whole numbers, in ten-thousandths of the currency.</summary>
    public const decimal Scale = 10_000m;

    private readonly Table table = storage.Table("ledger");

    public async Task<long> BalanceAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerBalance, cancellationToken))?.GetInt64("Balance") ?? 0;

    /// <summary>Whether a transaction with this key was booked.</summary>
    public async Task<bool> ContainsAsync(string projectId, string key, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerKey(key), cancellationToken) is not null;

    /// <summary>Books a transaction, once.</summary>
    /// <param name="key">What it is for: the same key is booked only once, whoever tries and however often.</param>
    /// <param name="counter">The other account: <c>gateway:stripe</c>, <c>revenue</c>.</param>
    /// <param name="invoice">Makes the invoice of a number. It is stored with the booking, so that every number has one invoice.</param>
    /// <returns>The new balance, or null if the key was booked before.</returns>
    public async Task<long?> BookAsync(
        string projectId, string key, string kind, string detail, long amount, string counter, Func<long, Invoice>? invoice,
        CancellationToken cancellationToken)
    {
        var partition = PortalKeys.Ledger(projectId);
        while (true)
        {
            if (await ContainsAsync(projectId, key, cancellationToken))
            {
                return null;
            }

            var head = await table.FindAsync(partition, PortalKeys.LedgerBalance, cancellationToken);
            var number = (head?.GetInt64("Number") ?? 0) + 1;
            var balance = (head?.GetInt64("Balance") ?? 0) + amount;
            var now = time.GetUtcNow();
            var invoices = (head?.GetInt64("Invoices") ?? 0) + (invoice is null ? 0 : 1);
            try
            {
                await table.SubmitAsync(
                    [
                        Head(partition, head, number, balance, invoices),
                        new(TableTransactionActionType.Add, new TableEntity(partition, PortalKeys.LedgerKey(key)) { ["Number"] = number }),
                        new(TableTransactionActionType.Add, Line(1, "credits", amount)),
                        new(TableTransactionActionType.Add, Line(2, counter, -amount)),
                        .. invoice is null
                            ? Enumerable.Empty<TableTransactionAction>()
                            : [new(TableTransactionActionType.Add, ToRow(partition, invoice(invoices)))],
                    ],
                    cancellationToken);
                return balance;
            }
            catch (TableTransactionFailedException e) when (e.Status is 409 or 412)
            {
                // Somebody booked at the same moment. If it was this very transaction, its key is found now.
            }

            TableEntity Line(int line, string account, long value) => new(partition, PortalKeys.LedgerEntry(number, line))
            {
                ["Number"] = number,
                ["At"] = now,
                ["Kind"] = kind,
                ["Detail"] = detail,
                ["Account"] = account,
                ["Amount"] = value,
                ["Balance"] = balance,
            };
        }
    }

    /// <summary>
    /// Adds an invoice that books nothing: a statement of what was booked. The key makes sure that a repetition does nothing.
    /// </summary>
    public async Task AddInvoiceAsync(string projectId, string key, Func<long, Invoice> invoice, CancellationToken cancellationToken)
    {
        var partition = PortalKeys.Ledger(projectId);
        while (!await ContainsAsync(projectId, key, cancellationToken))
        {
            var head = await table.FindAsync(partition, PortalKeys.LedgerBalance, cancellationToken);
            var number = (head?.GetInt64("Invoices") ?? 0) + 1;
            try
            {
                await table.SubmitAsync(
                    [
                        Head(partition, head, head?.GetInt64("Number") ?? 0, head?.GetInt64("Balance") ?? 0, number),
                        new(TableTransactionActionType.Add, new TableEntity(partition, PortalKeys.LedgerKey(key)) { ["Invoice"] = number }),
                        new(TableTransactionActionType.Add, ToRow(partition, invoice(number))),
                    ],
                    cancellationToken);
                return;
            }
            catch (TableTransactionFailedException e) when (e.Status is 409 or 412)
            {
                // Somebody booked at the same moment, as above.
            }
        }
    }

    /// <summary>Invoices and statements, newest first, before a number.</summary>
    public async Task<List<InvoiceHead>> InvoicesAsync(string projectId, long? before, int size, CancellationToken cancellationToken)
    {
        var from = before is { } number ? PortalKeys.LedgerInvoice(number - 1) : "i|";
        var rows = await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Ledger(projectId)} and RowKey ge {from} and RowKey lt {"i}"}", size, cancellationToken, ["Head"]);
        return rows.ConvertAll(row => JsonSerializer.Deserialize(row.GetString("Head"), BillingJson.Wire.InvoiceHead)!);
    }

    public async Task<Invoice?> FindInvoiceAsync(string projectId, long number, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerInvoice(number), cancellationToken) is { } row
            ? JsonSerializer.Deserialize(row.GetString("Document"), BillingJson.Wire.Invoice)
            : null;

    /// <summary>The lines of the project's credits, newest first, before a number.</summary>
    public async Task<List<LedgerEntry>> ReadAsync(string projectId, long? before, int size, CancellationToken cancellationToken)
    {
        var from = before is { } number ? PortalKeys.LedgerEntry(number - 1, 0) : "e|";
        var rows = await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Ledger(projectId)} and RowKey ge {from} and RowKey lt {"e}"} and Account eq {"credits"}", size,
            cancellationToken);
        return rows.ConvertAll(row => new LedgerEntry(
            row.GetInt64("Number") ?? 0, row.GetDateTimeOffset("At") ?? default, row.GetString("Kind"), row.GetString("Detail"),
            row.GetInt64("Amount") ?? 0, row.GetInt64("Balance") ?? 0));
    }

    /// <summary>All lines of both accounts, to check that they sum to zero.</summary>
    public async Task<List<(string Account, long Amount)>> AllLinesAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Ledger(projectId)} and RowKey ge {"e|"} and RowKey lt {"e}"}", 100_000, cancellationToken))
            .ConvertAll(row => (row.GetString("Account"), row.GetInt64("Amount") ?? 0));

    /// <summary>What was noted to be charged for each of these days.</summary>
    public async Task<List<Charge>> ChargesAsync(string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Ledger(projectId)} and RowKey ge {PortalKeys.LedgerDay(
                from)} and RowKey le {PortalKeys.LedgerDay(to)}",
            10_000, cancellationToken))
            .ConvertAll(ToCharge);

    /// <summary>The row keys of the booked charges of these days.</summary>
    private async Task<HashSet<string>> BookedDaysAsync(
        string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Ledger(projectId)} and RowKey ge {PortalKeys.LedgerKey(
                ChargeKey(from))} and RowKey le {PortalKeys.LedgerKey(ChargeKey(to))}",
            10_000, cancellationToken, ["RowKey"]))
            .Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);

    /// <summary>The key under which the charge of a day is booked.</summary>
    public static string ChargeKey(DateOnly day) => $"charge.{day:yyyy-MM-dd}";

    /// <summary>Notes what is to be charged for a day.</summary>
    /// <returns>False if the day was noted before: what was noted first is charged.</returns>
    public async Task<bool> TryNoteChargeAsync(string projectId, Charge charge, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(projectId, charge), cancellationToken) is not null;

    /// <summary>The balance if it is low and nobody was told yet; otherwise null.</summary>
    public async Task<long?> FindUntoldLowAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Ledger(projectId), PortalKeys.LedgerBalance, cancellationToken) is { } head
        && head.GetInt64("Balance") is { } balance && balance < Low && head.GetBoolean("Told") is not true
            ? balance
            : null;

    /// <summary>Notes that the owners know of the low balance. It holds until a booking brings the balance above the limit again.</summary>
    public async Task NoteToldAsync(string projectId, CancellationToken cancellationToken)
    {
        var partition = PortalKeys.Ledger(projectId);
        while (await table.FindAsync(partition, PortalKeys.LedgerBalance, cancellationToken) is { } head
            && head.GetInt64("Balance") is { } balance && balance < Low)
        {
            try
            {
                head["Told"] = true;
                await table.SubmitAsync([new(TableTransactionActionType.UpdateReplace, head, head.ETag)], cancellationToken);
                return;
            }
            catch (TableTransactionFailedException e) when (e.Status == 412)
            {
                // Somebody booked at the same moment. If that was a payment, the next low balance is news again.
            }
        }
    }

    private long Low => (long)(options.Value.LowBalance * Scale);

    private TableTransactionAction Head(string partition, TableEntity? before, long number, long balance, long invoices)
    {
        var head = new TableEntity(partition, PortalKeys.LedgerBalance)
        {
            ["Number"] = number,
            ["Balance"] = balance,
            ["Invoices"] = invoices,
            ["Told"] = before?.GetBoolean("Told") is true && balance < Low,
            ["ChargedThrough"] = before?.GetInt32("ChargedThrough"),
            ["StatementDue"] = before?.GetInt32("StatementDue"),
        };
        return before is null
            ? new(TableTransactionActionType.Add, head)
            : new(TableTransactionActionType.UpdateReplace, head, before.ETag);
    }

    private static TableEntity ToRow(string partition, Invoice invoice) => new(partition, PortalKeys.LedgerInvoice(invoice.Head.Number))
    {
        ["Head"] = JsonSerializer.Serialize(invoice.Head, BillingJson.Wire.InvoiceHead),
        ["Document"] = JsonSerializer.Serialize(invoice, BillingJson.Wire.Invoice),
    };

    private static TableEntity ToRow(string projectId, Charge charge) => new(PortalKeys.Ledger(projectId), PortalKeys.LedgerDay(charge.Day))
    {
        ["Users"] = charge.Users,
        ["Bytes"] = charge.Bytes,
        ["UserCharge"] = (long)(charge.UserCharge * Scale),
        ["StorageCharge"] = (long)(charge.StorageCharge * Scale),
    };

    private static Charge ToCharge(TableEntity row) => new(
        DateOnly.ParseExact(row.RowKey[2..], "yyyy-MM-dd"), row.GetInt32("Users") ?? 0, row.GetInt64("Bytes") ?? 0,
        (row.GetInt64("UserCharge") ?? 0) / Scale, (row.GetInt64("StorageCharge") ?? 0) / Scale);
}
