using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>A signed-in browser, or a remembered device.</summary>
/// <param name="Key">Its row key: which of the two it is, and the hash of the secret in the cookie.</param>
public sealed record PortalSession(string DeveloperId, string Key, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, RowVersion Version);
