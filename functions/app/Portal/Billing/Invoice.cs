namespace Vox.Portal.Billing;

/// <summary>Who sells or buys, as it was on the day of the document.</summary>
public sealed record InvoiceParty(string Name, string Company, string Address, string TaxId, string Email);

/// <param name="Users">Of a day's charge.</param>
public sealed record InvoiceLine(string Item, int? Users, long? Bytes, decimal? UserCharge, decimal? StorageCharge, decimal Amount);

/// <summary>A document that never changes.</summary>
/// <param name="Number">From 1, without gaps, for each project.</param>
/// <param name="Id">The same for people: <c>0F8FAD5B-000001</c>.</param>
/// <param name="Kind"><c>payment</c>: an invoice for credits; <c>statement</c>: what a month cost.</param>
/// <param name="Period">The month of a statement: <c>2026-10</c>.</param>
/// <param name="Reference">Of a payment: its id.</param>
public sealed record InvoiceHead(
    long Number, string Id, DateTimeOffset At, string Kind, string? Period, string? Reference, decimal Amount, string Currency);

public sealed record Invoice(InvoiceHead Head, string Project, InvoiceParty Seller, InvoiceParty Buyer, IReadOnlyList<InvoiceLine> Lines);
