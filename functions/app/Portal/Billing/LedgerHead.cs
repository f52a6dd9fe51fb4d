using Vox.Platform.Storage;

namespace Vox.Portal.Billing;

/// <summary>What the ledger of a project has come to.</summary>
/// <param name="Balance">In ten-thousandths of the currency.</param>
/// <param name="Told">Whether the owners know that it is low.</param>
/// <param name="ChargedThrough">All days up to this one are charged. Null: nobody has noted it, which does not mean that none is.</param>
/// <param name="StatementDue">The first day of a month that is charged and has no statement yet.</param>
public sealed record LedgerHead(
    long Number, long Balance, long Invoices, bool Told, DateOnly? ChargedThrough, DateOnly? StatementDue, RowVersion Version);

/// <summary>What an earlier version, or somebody else at the same moment, has noted and booked.</summary>
/// <param name="Booked">The row keys of the charges that are booked.</param>
public sealed record KnownDays(IReadOnlyDictionary<DateOnly, Charge> Noted, IReadOnlySet<string> Booked)
{
    public static KnownDays None { get; } = new(new Dictionary<DateOnly, Charge>(), new HashSet<string>(StringComparer.Ordinal));
}
