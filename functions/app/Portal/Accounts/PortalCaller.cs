namespace Vox.Portal.Accounts;

/// <summary>The signed-in developer who made a request.</summary>
/// <param name="Address">The client's address, for the audit log.</param>
public sealed record PortalCaller(Developer Developer, string CsrfToken, string Address);
