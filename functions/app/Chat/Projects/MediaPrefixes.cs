using System.Buffers.Text;
using System.Security.Cryptography;
using Vox.Platform.Caching;

namespace Vox.Chat.Projects;

/// <summary>The prefix of a project's media addresses: <c>/media/pid_…/xyz…/</c>, with a token of 128 random bits.</summary>
public sealed class MediaPrefixes(MediaPrefixStore store, TimeProvider time)
{
    // So long other instances still take addresses from before a rotation.
    private readonly ExpiringCache<string, string> tokens = new(10_000, TimeSpan.FromSeconds(30), time);

    /// <summary>The prefix is made when first asked for, and stays the same until it is rotated.</summary>
    public async ValueTask<string> PathAsync(string projectId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindTokenAsync(projectId, cancellationToken) is { } token)
            {
                return $"/media/{projectId}/{token}/";
            }

            await store.TryAddAsync(projectId, NewToken(), cancellationToken);
        }
    }

    /// <summary>Makes a new token: no address that was given out before works any more.</summary>
    public async Task RotateAsync(string projectId, CancellationToken cancellationToken)
    {
        await store.ReplaceAsync(projectId, NewToken(), cancellationToken);
        tokens.Remove(projectId);
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

    private static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
