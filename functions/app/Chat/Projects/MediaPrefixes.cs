using System.Buffers.Text;
using System.Security.Cryptography;
using Vox.Platform.Caching;

namespace Vox.Chat.Projects;

/// <summary>The prefix of a project's media addresses: <c>/media/pid_…/xyz…/</c>, with a token of 128 random bits.</summary>
public sealed class MediaPrefixes(MediaPrefixStore store, TimeProvider time)
{
    private readonly ExpiringCache<string, string> tokens = new(10_000, TimeSpan.FromMinutes(10), time);

    /// <summary>The prefix is made when first asked for, and never changes.</summary>
    public async ValueTask<string> PathAsync(string projectId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindTokenAsync(projectId, cancellationToken) is { } token)
            {
                return $"/media/{projectId}/{token}/";
            }

            await store.TryAddAsync(projectId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), cancellationToken);
        }
    }

    /// <returns>Null when no prefix was made yet.</returns>
    public async ValueTask<string?> FindTokenAsync(string projectId, CancellationToken cancellationToken)
    {
        if (tokens.TryGet(projectId, out var token))
        {
            return token;
        }

        token = await store.FindAsync(projectId, cancellationToken);
        if (token is not null)
        {
            tokens.Set(projectId, token);
        }

        return token;
    }
}
