namespace Vox.Portal.Billing;

/// <summary>Who sells or buys, as of the day of the document.</summary>
public sealed record InvoiceParty(string Name, string Company, string Address, string TaxId, string Email);

/// <param name="Users">
/// The users of the day, on a line for the charge of a day; otherwise absent. The same holds for bytes and both charges.
/// </param>
public sealed record InvoiceLine(string Item, int? Users, long? Bytes, decimal? UserCharge, decimal? StorageCharge, decimal Amount);

/// <param name="Number">From 1 and without gaps, in each project.</param>
/// <param name="Id">The number as people see it: <c>0F8FAD5B-000001</c>.</param>
/// <param name="Kind"><c>payment</c>: an invoice for credits; <c>statement</c>: what a month cost.</param>
/// <param name="Period">The month of a statement: <c>2026-10</c>.</param>
/// <param name="Reference">The id of the payment, on an invoice for credits.</param>
public sealed record InvoiceHead(
    long Number, string Id, DateTimeOffset At, string Kind, string? Period, string? Reference, decimal Amount, string Currency);

/// <summary>A document that never changes: it is stored exactly as it is sent.</summary>
public sealed record Invoice(InvoiceHead Head, string Project, InvoiceParty Seller, InvoiceParty Buyer, IReadOnlyList<InvoiceLine> Lines);

/// <param name="Next">Goes into <c>before</c> for older ones; absent on the last page.</param>
public sealed record InvoiceList(IReadOnlyList<InvoiceHead> Invoices, long? Next);
