using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vox.Chat.Model;
using Vox.Platform.Caching;

namespace Vox.Chat.Projects;

/// <summary>
/// The prefixes of media addresses: <c>/media/pid_…/xyz…/</c>. Each user has their own, which says who looks and is signed with a secret of
/// the project. It stays the same until the secret is rotated: apps keep prefixes and addresses.
/// </summary>
public sealed class MediaPrefixes(MediaPrefixStore store, TimeProvider time)
{
    private const int MacLength = 16;
    private const int MaxToken = 1_024;

    // For this long, other instances still accept addresses from before a rotation.
    private readonly ExpiringCache<string, string> secrets = new(10_000, TimeSpan.FromSeconds(30), time);

    /// <summary>The prefix for what this user may see.</summary>
    public ValueTask<string> PathAsync(UserIdentity viewer, CancellationToken cancellationToken) =>
        PathAsync(viewer.ProjectId, $"{viewer.Uid}|{viewer.LoginId}", cancellationToken);

    /// <summary>The prefix for all files of the project, for somebody who manages it.</summary>
    /// <param name="managerId">Their id in the portal.</param>
    public ValueTask<string> PathOfAllAsync(string projectId, string managerId, CancellationToken cancellationToken) =>
        PathAsync(projectId, "|" + managerId, cancellationToken);

    /// <summary>Makes a new secret: no address that was given out before works any more.</summary>
    public async Task RotateAsync(string projectId, CancellationToken cancellationToken)
    {
        await store.ReplaceAsync(projectId, NewSecret(), cancellationToken);
        secrets.Remove(projectId);
    }

    /// <summary>Who looks, from the token in a prefix.</summary>
    /// <returns>Null when the token is not one of ours.</returns>
    public async ValueTask<MediaViewer?> ReadAsync(string projectId, string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxToken || !Base64Url.IsValid(token) || await FindSecretAsync(projectId, cancellationToken) is not { } secret)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < MacLength
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacLength), Mac(secret, bytes.AsSpan(MacLength))))
        {
            return null;
        }

        var viewer = Encoding.UTF8.GetString(bytes.AsSpan(MacLength));
        var at = viewer.IndexOf('|', StringComparison.Ordinal);
        return at switch
        {
            < 0 => null,
            0 => new MediaViewer(null, viewer[1..]),
            _ => new MediaViewer(new UserIdentity(projectId, viewer[(at + 1)..], viewer[..at])),
        };
    }

    private async ValueTask<string> PathAsync(string projectId, string viewer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindSecretAsync(projectId, cancellationToken) is { } secret)
            {
                var bytes = Encoding.UTF8.GetBytes(viewer);
                return $"/media/{projectId}/{Base64Url.EncodeToString([.. Mac(secret, bytes), .. bytes])}/";
            }

            await store.TryAddAsync(projectId, NewSecret(), cancellationToken);
        }
    }

    private async ValueTask<string?> FindSecretAsync(string projectId, CancellationToken cancellationToken)
    {
        if (secrets.TryGet(projectId, out var secret))
        {
            return secret;
        }

        secret = await store.FindAsync(projectId, cancellationToken);
        if (secret is not null)
        {
            secrets.Set(projectId, secret);
        }

        return secret;
    }

    private static byte[] Mac(string secret, ReadOnlySpan<byte> viewer) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), viewer)[..MacLength];

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
