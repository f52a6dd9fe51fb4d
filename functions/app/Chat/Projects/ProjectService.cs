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
    /// Makes a new auth token, returned here once. The present token stays valid for the overlap. The one before it becomes invalid at
    /// once.
    /// </summary>
    public async Task<(Project Project, string AuthToken)> RotateTokenAsync(
        string projectId, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var token = UnderscoreUuid();
        var project = await UpdateAsync(
            projectId,
            project => project with
            {
                TokenHash = Hash(token),
                PreviousTokenHash = overlap > TimeSpan.Zero ? project.TokenHash : null,
                PreviousTokenUntil = overlap > TimeSpan.Zero ? time.GetUtcNow() + overlap : null,
            },
            cancellationToken);
        return (project, token);
    }

    /// <summary>Returns the project if the token is the current one or, during the overlap of a rotation, the previous one.</summary>
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
            || (project.PreviousTokenHash is { } previous && project.PreviousTokenUntil > time.GetUtcNow()
                && CryptographicOperations.FixedTimeEquals(hash, Encoding.UTF8.GetBytes(previous)));
    }

    private static bool IsProjectId(string text) =>
        text.Length is > 4 and <= 64 && text.StartsWith("pid_", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // The token has 122 random bits and cannot be guessed, so a plain hash is enough.
    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string UnderscoreUuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D").Replace('-', '_');
}
