using Vox.Platform.Storage;

namespace Vox.Chat.ApiKeys;

/// <summary>A key with which a customer's server calls the server API. A project may have several.</summary>
/// <param name="Name">What the developers call it.</param>
/// <param name="Hash">SHA-256 of the whole key, base64. The key itself is never stored.</param>
/// <param name="LastFour">The end of the key, to recognize it by.</param>
/// <param name="Scopes">Of <see cref="ApiScopes.All"/>.</param>
/// <param name="Addresses">Networks from which it may be used, see <see cref="Platform.Limits.AddressRange"/>. Empty for any.</param>
public sealed record ApiKey(
    string ProjectId,
    string Id,
    string Name,
    string Hash,
    string LastFour,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Addresses,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    RowVersion Version)
{
    /// <summary>Hash of the key from before the last rotation, good until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>To the hour: a busy server must not write a row with each call. Null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
