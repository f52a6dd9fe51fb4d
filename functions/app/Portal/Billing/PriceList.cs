using System.Globalization;
using Microsoft.Extensions.Options;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace Vox.Portal.Billing;

/// <summary>The price list, with what was agreed for single projects. It computes charges and makes the spreadsheet.</summary>
public sealed class PriceList(IOptions<BillingOptions> options)
{
    private const int DaysOfMonth = 30;
    private const decimal Gigabyte = 1_000_000_000m;

    /// <summary>The rates of a day.</summary>
    /// <param name="changes">The project's own rates, oldest first.</param>
    public Rates On(DateOnly day, IReadOnlyList<RateChange> changes)
    {
        var change = changes.LastOrDefault(c => c.From <= day);
        return new Rates(
            change?.UserPrices is { } users ? BillingOptions.Parse(users) : options.Value.UserTiers(),
            change?.StoragePrices is { } storage ? BillingOptions.Parse(storage) : options.Value.StorageTiers(),
            change is { UserPrices: not null } or { StoragePrices: not null },
            change?.From);
    }

    /// <summary>What a day costs.</summary>
    /// <param name="changes">The project's own rates, oldest first; none: the standard rates.</param>
    public Charge ChargeOf(DateOnly day, int users, long bytes, IReadOnlyList<RateChange>? changes = null)
    {
        var rates = On(day, changes ?? []);
        return new Charge(day, users, bytes, Daily(users, rates.Users), Daily(bytes / Gigabyte, rates.Storage));
    }

    /// <summary>Each unit costs what its own tier says, as with income tax: one more user never makes the price jump.</summary>
    public static decimal Monthly(decimal units, IEnumerable<PriceTier> tiers)
    {
        decimal sum = 0, below = 0;
        foreach (var tier in tiers)
        {
            var top = Math.Min(units, tier.UpTo ?? units);
            if (top > below)
            {
                sum += (top - below) * tier.Price;
                below = top;
            }
        }

        return sum;
    }

    /// <summary>The rates of a day, and the rates that follow, on a sheet of their own each.</summary>
    public byte[] Spreadsheet(string projectName, DateOnly today, IReadOnlyList<RateChange> changes)
    {
        var now = On(today, changes);
        var notes = new List<string>
        {
            now.Custom ? $"Rates agreed for {projectName}, since {Text(now.Since!.Value)}." : $"Standard rates for {projectName}.",
            "Charged daily (UTC): a 30th of the monthly price, for the users and the storage of that day.",
            "Each unit costs what its own tier says. 1 GB is 1,000,000,000 bytes.",
        };
        var sheets = new Dictionary<string, object>(StringComparer.Ordinal) { ["Pricing"] = Rows(now) };
        foreach (var change in changes.Where(c => c.From > today))
        {
            sheets["From " + Text(change.From)] = Rows(On(change.From, changes));
            notes.Add($"Other rates follow on {Text(change.From)}: see the sheet of that day.");
        }

        sheets["Notes"] = notes.ConvertAll(note => new Dictionary<string, object?>(StringComparer.Ordinal) { ["Note"] = note });
        using var stream = new MemoryStream();
        stream.SaveAs(sheets, configuration: Layout());
        return stream.ToArray();

        static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private string PriceColumn => $"Price per unit and 30 days ({options.Value.Currency})";

    /// <summary>Columns as wide as what is in them, and prices as money of up to four decimals.</summary>
    private OpenXmlConfiguration Layout() => new()
    {
        DynamicColumns =
        [
            new DynamicExcelColumn("Item") { Width = 12 },
            new DynamicExcelColumn("From") { Width = 12, Format = "#,##0" },
            new DynamicExcelColumn("To") { Width = 12, Format = "#,##0" },
            new DynamicExcelColumn("Unit") { Width = 8 },
            new DynamicExcelColumn(PriceColumn) { Width = 34, Format = $"[${options.Value.Currency}] #,##0.00##" },
            new DynamicExcelColumn("Note") { Width = 90 },
        ],
    };

    private List<Dictionary<string, object?>> Rows(Rates rates)
    {
        var rows = new List<Dictionary<string, object?>>();
        Add("Users", "user", rates.Users);
        Add("Storage", "GB", rates.Storage);
        return rows;

        void Add(string what, string unit, IEnumerable<PriceTier> tiers)
        {
            var from = 0;
            foreach (var tier in tiers)
            {
                rows.Add(new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["Item"] = what,
                    ["From"] = from,
                    ["To"] = tier.UpTo is { } to ? to : "and more",
                    ["Unit"] = unit,
                    [PriceColumn] = tier.Price,
                });
                from = (tier.UpTo ?? from) + (what == "Users" ? 1 : 0);
            }
        }
    }

    private static decimal Daily(decimal units, IEnumerable<PriceTier> tiers) =>
        Math.Round(Monthly(units, tiers) / DaysOfMonth, 4, MidpointRounding.AwayFromZero);
}
