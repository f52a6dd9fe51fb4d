using Vox.Chat.ApiKeys;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.ApiKeys;

/// <summary>What developers do with the API keys of a project.</summary>
public sealed class PortalApiKeyService(ApiKeyService keys, ProjectAudit audit, TimeProvider time)
{
    private const int MaxName = 60;
    private const int MaxAddresses = 20;
    private const int MaxDays = 3_650;
    private const int MaxOverlap = 168;

    public async Task<ApiKeyList> ListAsync(string projectId, CancellationToken cancellationToken) =>
        new([.. (await keys.ListAsync(projectId, cancellationToken)).Select(View)], ApiScopes.All);

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task<NewApiKey> CreateAsync(ProjectCaller caller, CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var name = DeveloperInput.Text(request.Name, "name", MaxName);
        var scopes = Scopes(request.Scopes);
        var addresses = Addresses(request.Addresses);
        if (request.ExpiresInDays is < 1 or > MaxDays)
        {
            throw new VoxException(
                Errors.InvalidField, $"expiresInDays must be from 1 to {MaxDays:N0}, or absent for a key that does not expire.",
                "expiresInDays");
        }

        var expires = request.ExpiresInDays is { } days ? time.GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        var (key, text) = await keys.CreateAsync(
            caller.Project.Id, new ApiKeyDraft(name, scopes, addresses, expires, caller.Who), cancellationToken);
        await audit.RecordAsync(caller, "apikey.created", $"{name}: {string.Join(", ", scopes)}", cancellationToken);
        return new NewApiKey(View(key), text);
    }

    /// <exception cref="VoxException">invalid_field, not_found</exception>
    public async Task<NewApiKey> RotateAsync(
        ProjectCaller caller, string keyId, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = overlapHours ?? 24;
        if (hours is < 0 or > MaxOverlap)
        {
            throw new VoxException(Errors.InvalidField, $"overlapHours must be from 0 to {MaxOverlap}.", "overlapHours");
        }

        var (key, text) = await keys.RotateAsync(caller.Project.Id, keyId, TimeSpan.FromHours(hours), cancellationToken);
        await audit.RecordAsync(caller, "apikey.rotated", $"{key.Name}: the old one stays good for {hours} h", cancellationToken);
        return new NewApiKey(View(key), text);
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task RevokeAsync(ProjectCaller caller, string keyId, CancellationToken cancellationToken)
    {
        var key = await keys.RevokeAsync(caller.Project.Id, keyId, cancellationToken);
        await audit.RecordAsync(caller, "apikey.revoked", key.Name, cancellationToken);
    }

    private ApiKeyView View(ApiKey key)
    {
        var now = time.GetUtcNow();
        return new ApiKeyView(
            key.Id, key.Name, $"{ApiKeyText.Prefix}…{key.LastFour}", key.Scopes, key.Addresses, key.CreatedAt, key.CreatedBy, key.ExpiresAt,
            key.ExpiresAt <= now, key.RotatedAt, key.PreviousUntil > now ? key.PreviousUntil : null, key.LastUsedAt);
    }

    /// <summary>In the order of all scopes, each once.</summary>
    private static string[] Scopes(IReadOnlyList<string>? scopes)
    {
        if (scopes is null or { Count: 0 })
        {
            throw new VoxException(Errors.MissingField, "scopes must have at least one scope.", "scopes");
        }

        return scopes.Select(scope => scope ?? "null").FirstOrDefault(
            scope => !ApiScopes.All.Contains(scope, StringComparer.Ordinal)) is { } unknown
            ? throw new VoxException(
                Errors.InvalidField,
                $"{unknown[..Math.Min(40, unknown.Length)]} is no scope. There are {string.Join(", ", ApiScopes.All)}.", "scopes")
            : [.. ApiScopes.All.Where(scope => scopes.Contains(scope, StringComparer.Ordinal))];
    }

    private static string[] Addresses(IReadOnlyList<string>? addresses)
    {
        if (addresses is { Count: > MaxAddresses })
        {
            throw new VoxException(Errors.TooLong, $"addresses may have at most {MaxAddresses} entries.", "addresses");
        }

        return
        [
            .. (addresses ?? []).Select(text => AddressRange.Canonical(text) ?? throw new VoxException(
                Errors.InvalidField,
                "addresses may have addresses and networks only, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32. The bits of a "
                + "network's address after its length must be zero.",
                "addresses")).Distinct(StringComparer.Ordinal),
        ];
    }
}
