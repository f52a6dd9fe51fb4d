namespace Vox.Portal.ApiKeys;

/// <param name="Scopes">All scopes that there are, for the form.</param>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyView> Keys, IReadOnlyList<string> Scopes);

/// <param name="Shown">The beginning and the last four characters of the key, to recognize it by.</param>
/// <param name="PreviousUntil">Until this time, the key from before the last rotation is accepted as well.</param>
/// <param name="LastUsedAt">To the hour; absent for never.</param>
public sealed record ApiKeyView(
    string Id, string Name, string Shown, IReadOnlyList<string> Scopes, IReadOnlyList<string> Addresses, DateTimeOffset CreatedAt,
    string CreatedBy, DateTimeOffset? ExpiresAt, bool Expired, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil,
    DateTimeOffset? LastUsedAt);

/// <param name="Name">At most 60 characters.</param>
/// <param name="Scopes">At least one.</param>
/// <param name="Addresses">Networks such as <c>203.0.113.0/24</c> or single addresses, at most 20. Empty for any.</param>
/// <param name="ExpiresInDays">1–3,650; absent: never.</param>
internal sealed record CreateApiKeyRequest(
    string? Name, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? Addresses = null, int? ExpiresInDays = null);

/// <param name="OverlapHours">How long the present key stays good: 0–168, default 24.</param>
internal sealed record RotateApiKeyRequest(int? OverlapHours = null);

/// <param name="Secret">The key. Shown only this once: we keep nothing but its hash.</param>
public sealed record NewApiKey(ApiKeyView Key, string Secret);
