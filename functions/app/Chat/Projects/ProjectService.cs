using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Chat.Projects;

/// <summary>Creates projects and checks their keys.</summary>
public sealed class ProjectService(
    ProjectStore store, IServiceChoice services, RateLimits limits, IOptions<ProjectOptions> options, TimeProvider time)
{
    /// <summary>How many tokens may be valid beside the present one.</summary>
    public const int MaxEarlierTokens = 5;

    private readonly ExpiringCache<string, Project> cache = new(10_000, options.Value.Cache, time);

    public Task<(Project Project, string AuthToken)> CreateAsync(string name, CancellationToken cancellationToken) =>
        CreateAsync(name, minPasswordLength: 1, cancellationToken);

    /// <summary>Creates a project. The auth token is returned here once; only its hash is kept.</summary>
    public async Task<(Project Project, string AuthToken)> CreateAsync(
        string name, int minPasswordLength, CancellationToken cancellationToken)
    {
        var token = UnderscoreUuid();
        var id = "pid_" + UnderscoreUuid();
        var project = new Project(
            id, name, Hash(token), null, null, [], LogEnabled: true, time.GetUtcNow(), default)
        {
            MinPasswordLength = minPasswordLength,
            Placement = services.ChooseFor(id),
        };
        if (!await store.TryAddAsync(project, cancellationToken))
        {
            throw new InvalidOperationException("A new project id was taken: the random source is broken.");
        }

        return (project, token);
    }

    /// <exception cref="VoxException">project_not_found</exception>
    public async ValueTask<Project> GetAsync(string projectId, CancellationToken cancellationToken) =>
        await FindAsync(projectId, cancellationToken)
        ?? throw new VoxException(
            Errors.ProjectNotFound, "There is no project with this id: copy it from the developer portal.", "projectid");

    public async ValueTask<Project?> FindAsync(string projectId, CancellationToken cancellationToken)
    {
        // A text that cannot be an id never reaches the storage, so guesses cost nothing.
        if (!IsProjectId(projectId))
        {
            return null;
        }

        if (cache.TryGet(projectId, out var known))
        {
            return known;
        }

        var project = await store.FindAsync(projectId, cancellationToken);
        if (project is not { DeletedAt: null })
        {
            return null;
        }

        cache.Set(projectId, project);
        return project;
    }

    /// <summary>The project as it is stored now, not as it is cached.</summary>
    public ValueTask<Project?> FindNowAsync(string projectId, CancellationToken cancellationToken)
    {
        cache.Remove(projectId);
        return FindAsync(projectId, cancellationToken);
    }

    /// <summary>
    /// Makes a new auth token, returned here once. The present token stays valid for the overlap, and those before it until their own ends:
    /// somebody may still use them.
    /// </summary>
    /// <exception cref="VoxException">limit_reached</exception>
    public async Task<(Project Project, string AuthToken)> RotateTokenAsync(
        string projectId, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var token = UnderscoreUuid();
        var project = await UpdateAsync(
            projectId,
            project =>
            {
                var now = time.GetUtcNow();
                var earlier = project.EarlierTokens(now);
                if (overlap > TimeSpan.Zero)
                {
                    earlier = [new EarlierToken(project.TokenHash, now + overlap), .. earlier];
                }

                return earlier.Count <= MaxEarlierTokens
                    ? (project with { TokenHash = Hash(token) }).WithEarlierTokens(earlier)
                    : throw new VoxException(
                        Errors.LimitReached,
                        $"At most {MaxEarlierTokens} earlier auth tokens can be valid: end one of them first, "
                            + "or let the present one end now.");
            },
            cancellationToken);
        return (project, token);
    }

    /// <summary>Ends an earlier auth token now.</summary>
    /// <param name="id">Its <see cref="TokenId"/>.</param>
    /// <exception cref="VoxException">not_found</exception>
    public Task<Project> EndTokenAsync(string projectId, string? id, CancellationToken cancellationToken) => UpdateAsync(
        projectId,
        project =>
        {
            var earlier = project.EarlierTokens(time.GetUtcNow());
            var rest = earlier.Where(token => TokenId(token.Hash) != id).ToList();
            return rest.Count < earlier.Count
                ? project.WithEarlierTokens(rest)
                : throw new VoxException(Errors.NotFound, "There is no such earlier auth token: it has ended already.", "id");
        },
        cancellationToken);

    /// <summary>Names a token where it must not be shown: <c>3f9a01c4</c>. Its hash does not follow from it.</summary>
    public static string TokenId(string hash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash)))[..8];

    /// <summary>Returns the project if the token is the current one, or an earlier one that has not run out.</summary>
    /// <exception cref="VoxException">invalid_project_keys</exception>
    public async ValueTask<Project> AuthenticateAsync(string? projectId, string? authToken, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(projectId) || string.IsNullOrEmpty(authToken))
        {
            var field = string.IsNullOrEmpty(projectId) ? "projectid" : "authtoken";
            throw new VoxException(Errors.InvalidProjectKeys, $"{field} is missing or blank: copy it from the developer portal.", field);
        }

        var project = await FindAsync(projectId, cancellationToken);
        if (project is not null && !Matches(project, authToken))
        {
            // Another process may have rotated the token a moment ago.
            cache.Remove(projectId);
            project = await FindAsync(projectId, cancellationToken);
        }

        if (project is null || !Matches(project, authToken))
        {
            throw new VoxException(
                Errors.InvalidProjectKeys, "The project id or the auth token is wrong: copy both from the developer portal.", "authtoken");
        }

        limits.OfProject(project.Id);
        return project;
    }

    /// <summary>Applies a change to the newest version of the project, and again if another writer was faster.</summary>
    public async Task<Project> UpdateAsync(string projectId, Func<Project, Project> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            cache.Remove(projectId);
            var project = change(await GetAsync(projectId, cancellationToken));
            if (await store.TryReplaceAsync(project, cancellationToken))
            {
                cache.Remove(projectId);
                return project;
            }
        }
    }

    private bool Matches(Project project, string authToken)
    {
        var hash = Encoding.UTF8.GetBytes(Hash(authToken));
        return CryptographicOperations.FixedTimeEquals(hash, Encoding.UTF8.GetBytes(project.TokenHash))
            || project.EarlierTokens(time.GetUtcNow())
                .Any(token => CryptographicOperations.FixedTimeEquals(hash, Encoding.UTF8.GetBytes(token.Hash)));
    }

    private static bool IsProjectId(string text) =>
        text.Length is > 4 and <= 64 && text.StartsWith("pid_", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // The token has 122 random bits and cannot be guessed, so a plain hash is enough.
    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string UnderscoreUuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D").Replace('-', '_');
}
