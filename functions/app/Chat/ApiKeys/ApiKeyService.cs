using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Platform.Storage;

namespace Vox.Chat.ApiKeys;

/// <summary>What a new key shall be.</summary>
public sealed record ApiKeyDraft(
    string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Addresses, DateTimeOffset? ExpiresAt, string CreatedBy);

/// <summary>Makes, rotates and revokes API keys, and recognizes them.</summary>
public sealed partial class ApiKeyService(
    ApiKeyStore store, ProjectService projects, RateLimits limits, IOptions<ApiKeyOptions> options, TimeProvider time,
    ILogger<ApiKeyService> logger)
{
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromHours(1);

    // Ids are random, so a key that does not exist now never will: that is remembered as well.
    private readonly ExpiringCache<(string ProjectId, string KeyId), ApiKey?> cache = new(10_000, options.Value.Cache, time);

    /// <summary>Makes a key. The text is returned here once; only its hash is kept.</summary>
    /// <exception cref="VoxException">limit_reached</exception>
    public async Task<(ApiKey Key, string Text)> CreateAsync(string projectId, ApiKeyDraft draft, CancellationToken cancellationToken)
    {
        if ((await store.ListAsync(projectId, cancellationToken)).Count >= options.Value.MaxPerProject)
        {
            throw new VoxException(
                Errors.LimitReached, $"A project may have at most {options.Value.MaxPerProject} API keys: revoke one that is not used.");
        }

        var text = ApiKeyText.Create(projectId, ApiKeyText.NewKeyId());
        var key = new ApiKey(
            projectId, text.KeyId, draft.Name, text.Hash, text.LastFour, draft.Scopes, draft.Addresses, time.GetUtcNow(), draft.CreatedBy,
            draft.ExpiresAt, default);
        await store.AddAsync(key, cancellationToken);
        return (key, text.Text);
    }

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        [
            .. (await store.ListAsync(projectId, cancellationToken))
                .OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal),
        ];

    /// <summary>
    /// Makes a new text for the key, returned here once. The present one stays good for the overlap; the one before it ends now.
    /// </summary>
    /// <exception cref="VoxException">not_found</exception>
    public async Task<(ApiKey Key, string Text)> RotateAsync(
        string projectId, string keyId, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var text = ApiKeyText.Create(projectId, keyId);
        while (true)
        {
            var key = await store.FindAsync(projectId, keyId, cancellationToken) ?? throw NoKey();
            var now = time.GetUtcNow();
            var rotated = key with
            {
                Hash = text.Hash,
                LastFour = text.LastFour,
                PreviousHash = overlap > TimeSpan.Zero ? key.Hash : null,
                PreviousUntil = overlap > TimeSpan.Zero ? now + overlap : null,
                RotatedAt = now,
            };
            if (await store.TryReplaceAsync(rotated, cancellationToken))
            {
                cache.Remove((projectId, keyId));
                return (rotated, text.Text);
            }
        }
    }

    /// <summary>Other processes notice within <see cref="ApiKeyOptions.CacheSeconds"/>.</summary>
    /// <returns>The key as it was.</returns>
    /// <exception cref="VoxException">not_found</exception>
    public async Task<ApiKey> RevokeAsync(string projectId, string keyId, CancellationToken cancellationToken)
    {
        var key = await store.FindAsync(projectId, keyId, cancellationToken) ?? throw NoKey();
        await store.RemoveAsync(projectId, keyId, cancellationToken);
        cache.Remove((projectId, keyId));
        return key;
    }

    /// <summary>The project and the key that a text stands for, if it may be used from this address.</summary>
    /// <exception cref="VoxException">invalid_api_key, address_not_allowed, too_many_requests</exception>
    public async Task<(Project Project, ApiKey Key)> AuthenticateAsync(
        string text, ClientAddress address, CancellationToken cancellationToken)
    {
        if (ApiKeyText.Parse(text) is not { } parsed
            || await projects.FindAsync(parsed.ProjectId, cancellationToken) is not { } project
            || await FindAsync(parsed, cancellationToken) is not { } key)
        {
            throw new VoxException(
                Errors.InvalidApiKey, "The API key is missing or wrong, or was revoked: send a key of the project as Bearer token.",
                "authorization");
        }

        if (key.ExpiresAt <= time.GetUtcNow())
        {
            throw new VoxException(
                Errors.InvalidApiKey, "The API key has expired: make another one in the developer portal.", "authorization");
        }

        if (key.Addresses.Count > 0 && !(address.Ip is { } ip && key.Addresses.Any(range => AddressRange.Contains(range, ip))))
        {
            throw new VoxException(Errors.AddressNotAllowed, $"The API key may not be used from this address ({address.Text}).");
        }

        limits.OfProject(project.Id);
        await NoteUseAsync(key, cancellationToken);
        return (project, key);
    }

    private async Task<ApiKey?> FindAsync(ApiKeyText text, CancellationToken cancellationToken)
    {
        var place = (text.ProjectId, text.KeyId);
        if (cache.TryGet(place, out var known) && (known is null || IsOf(known, text)))
        {
            return known;
        }

        // Not known, or another process has rotated it a moment ago.
        var key = await store.FindAsync(text.ProjectId, text.KeyId, cancellationToken);
        cache.Set(place, key);
        return key is not null && IsOf(key, text) ? key : null;
    }

    private bool IsOf(ApiKey key, ApiKeyText text) =>
        text.Matches(key.Hash) || (key.PreviousUntil > time.GetUtcNow() && text.Matches(key.PreviousHash));

    /// <summary>
    /// At most once an hour for all processes: of several that try, one finds the row as it has read it. The call itself never depends on
    /// it.
    /// </summary>
    private async Task NoteUseAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - key.LastUsedAt < UseNotedEvery)
        {
            return;
        }

        try
        {
            await store.TryReplaceAsync(key with { LastUsedAt = now }, cancellationToken);
            // It has another version now, whoever was first.
            cache.Remove((key.ProjectId, key.Id));
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            UseNotNoted(e, key.ProjectId, key.Id);
        }
    }

    private static VoxException NoKey() => new(Errors.NotFound, "There is no such API key in the project.", "keyId");

    [LoggerMessage(6400, LogLevel.Warning, "That the API key {Key} of project {Project} was used could not be noted")]
    private partial void UseNotNoted(Exception exception, string project, string key);
}
