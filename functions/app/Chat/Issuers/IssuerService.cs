using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Issuers;

/// <summary>The issuers of projects. Other processes notice a change when they look again, as with the project itself.</summary>
public sealed class IssuerService(IssuerStore store, IOptions<ProjectOptions> options, TimeProvider time)
{
    /// <summary>Of one project.</summary>
    public const int Max = 10;

    private readonly ExpiringCache<string, IReadOnlyList<TokenIssuer>> cache = new(10_000, options.Value.Cache, time);

    public async ValueTask<IReadOnlyList<TokenIssuer>> OfAsync(string projectId, CancellationToken cancellationToken)
    {
        if (cache.TryGet(projectId, out var known))
        {
            return known;
        }

        var issuers = await store.ListAsync(projectId, cancellationToken);
        cache.Set(projectId, issuers);
        return issuers;
    }

    /// <summary>As stored now, the oldest first.</summary>
    public async Task<IReadOnlyList<TokenIssuer>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(projectId, cancellationToken)).OrderBy(issuer => issuer.CreatedAt)];

    /// <exception cref="VoxException">limit_reached</exception>
    public async Task SetAsync(TokenIssuer issuer, CancellationToken cancellationToken)
    {
        var all = await store.ListAsync(issuer.ProjectId, cancellationToken);
        if (all.Count >= Max && !all.Exists(other => other.Issuer == issuer.Issuer))
        {
            throw new VoxException(Errors.LimitReached, $"A project may have at most {Max} issuers: remove one first.");
        }

        await store.SetAsync(issuer, cancellationToken);
        cache.Remove(issuer.ProjectId);
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task RemoveAsync(string projectId, string issuer, CancellationToken cancellationToken)
    {
        if (!(await store.ListAsync(projectId, cancellationToken)).Exists(other => other.Issuer == issuer))
        {
            throw new VoxException(Errors.NotFound, "The project has no such issuer.", "issuer");
        }

        await store.RemoveAsync(projectId, issuer, cancellationToken);
        cache.Remove(projectId);
    }
}
