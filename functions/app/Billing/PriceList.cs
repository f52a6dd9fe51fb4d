using Microsoft.Extensions.Options;
using MiniExcelLibs;

namespace Vox.Billing;

/// <summary>A day's charge and what it is made of.</summary>
public sealed record Charge(DateOnly Day, int Users, long Bytes, decimal UserCharge, decimal StorageCharge)
{
    public decimal Total => UserCharge + StorageCharge;
}

/// <summary>The price list: computes charges, and is the spreadsheet.</summary>
public sealed class PriceList(IOptions<BillingOptions> options)
{
    private const int DaysOfMonth = 30;
    private const decimal Gigabyte = 1_000_000_000m;

    public Charge ChargeOf(DateOnly day, int users, long bytes) => new(
        day, users, bytes, Daily(users, options.Value.UserTiers()), Daily(bytes / Gigabyte, options.Value.StorageTiers()));

    /// <summary>Each unit costs what its tier says, as with income tax: one user more never costs a jump.</summary>
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

    public byte[] Spreadsheet(string projectName)
    {
        var rows = new List<Dictionary<string, object?>>();
        var currency = options.Value.Currency;
        Add("Users", "user", options.Value.UserTiers());
        Add("Storage", "GB", options.Value.StorageTiers());
        using var stream = new MemoryStream();
        var notes = new List<Dictionary<string, object?>>
        {
            new(StringComparer.Ordinal) { ["Note"] = $"Standard rates for {projectName}, unless custom rates are agreed." },
            new(StringComparer.Ordinal) { ["Note"] = "Charged daily (UTC): a 30th of the monthly price, for the users and the storage of that day." },
            new(StringComparer.Ordinal) { ["Note"] = "Each unit costs what its own tier says. 1 GB is 1,000,000,000 bytes." },
        };
        stream.SaveAs(new Dictionary<string, object>(StringComparer.Ordinal) { ["Pricing"] = rows, ["Notes"] = notes });
        return stream.ToArray();

        void Add(string what, string unit, IEnumerable<PriceTier> tiers)
        {
            var from = 0;
            foreach (var tier in tiers)
            {
                rows.Add(new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["Item"] = what, ["From"] = from, ["To"] = tier.UpTo is { } to ? to : "and more", ["Unit"] = unit,
                    [$"Price per unit and 30 days ({currency})"] = tier.Price,
                });
                from = (tier.UpTo ?? from) + (what == "Users" ? 1 : 0);
            }
        }
    }

    private static decimal Daily(decimal units, IEnumerable<PriceTier> tiers) =>
        Math.Round(Monthly(units, tiers) / DaysOfMonth, 4, MidpointRounding.AwayFromZero);
}
