using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Vox.Http;
using Vox.Projects;
using Vox.Security;
using Vox.Storage;

namespace Vox.Files;

/// <summary>
/// Addresses of files: <c>/media/{project}/{token}/{key}</c>. Whoever has one may see the file, as with the original's public objects: the token
/// (128 bits, the same for all of a project) and the key's random part (89 bits) are what keeps others out, so it works in an
/// <c>img</c> without headers. Why not per session: apps keep prefixes and addresses, and pictures of others must not
/// vanish when somebody logs out. See docs/decisions/0007-files.md.
/// </summary>
public sealed class MediaService(
    StorageClients storage, ProjectService projects, FileStore files, FileBlobs blobs, IOptions<FilesOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly Table table = storage.ProjectTable("media");
    private readonly ExpiringCache<string, string> tokens = new(10_000, TimeSpan.FromMinutes(10), time);
    private readonly ExpiringCache<(string, string), StoredFile> known = new(20_000, Remembered, time);

    /// <summary><c>/media/pid_…/xyz…/</c>; made when first asked for, and the same ever after.</summary>
    public async ValueTask<string> PrefixPathAsync(string projectId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindTokenAsync(projectId, cancellationToken) is { } token)
            {
                return $"/media/{projectId}/{token}/";
            }

            var created = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            await table.TryAddAsync(new TableEntity(Keys.Project(projectId), Keys.MediaRow) { ["Token"] = created }, cancellationToken);
        }
    }

    /// <summary>Where the bytes of a key are for now, and for how long that holds.</summary>
    /// <exception cref="VoxException">not_found, whatever of the address is wrong</exception>
    public async Task<(Uri Target, TimeSpan Lifetime)> ResolveAsync(
        string projectId, string token, string key, CancellationToken cancellationToken)
    {
        var (fileKey, part) =
            key.StartsWith(FileKey.ThumbnailPrefix, StringComparison.Ordinal) ? (key[FileKey.ThumbnailPrefix.Length..], FileBlobs.Thumbnail)
            : key.StartsWith(FileKey.PreviewPrefix, StringComparison.Ordinal) ? (key[FileKey.PreviewPrefix.Length..], FileBlobs.Preview)
            : (key, FileBlobs.Main);
        if (!FileKey.IsValid(fileKey)
            || await projects.FindAsync(projectId, cancellationToken) is null
            || await FindTokenAsync(projectId, cancellationToken) is not { } expected
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token))
            || await FindFileAsync(projectId, fileKey, cancellationToken) is not { Content: { } content } file
            || TypeOf(content, part) is not { Length: > 0 } type)
        {
            throw new VoxException(Errors.NotFound, "There is no file at this address.");
        }

        var now = time.GetUtcNow();
        var expires = Expiry(now);
        return (await blobs.ReadLinkAsync(file, part, Delivery.Headers(type, FileKey.NameOf(file.Key)), expires, cancellationToken), expires - now);
    }

    /// <summary>The end of the next half window but one: the same address for half the time, so that browsers know the file again.</summary>
    private DateTimeOffset Expiry(DateTimeOffset now)
    {
        var half = TimeSpan.FromMinutes(options.Value.LinkMinutes).Ticks / 2;
        return new DateTimeOffset(((now.UtcTicks / half) + 2) * half, TimeSpan.Zero);
    }

    private static string TypeOf(FileContent content, string part) => part switch
    {
        FileBlobs.Thumbnail => content.ThumbnailType,
        FileBlobs.Preview => content.PreviewType,
        _ => content.ContentType,
    };

    private async Task<StoredFile?> FindFileAsync(string projectId, string key, CancellationToken cancellationToken)
    {
        if (known.TryGet((projectId, key), out var file))
        {
            return file;
        }

        file = await files.FindAsync(projectId, Keys.FileId(projectId, key), cancellationToken);
        if (file is not { State: FileState.Stored or FileState.Done })
        {
            return null;
        }

        known.Set((projectId, key), file);
        return file;
    }

    private async ValueTask<string?> FindTokenAsync(string projectId, CancellationToken cancellationToken)
    {
        if (tokens.TryGet(projectId, out var token))
        {
            return token;
        }

        token = (await table.FindAsync(Keys.Project(projectId), Keys.MediaRow, cancellationToken))?.GetString("Token");
        if (token is not null)
        {
            tokens.Set(projectId, token);
        }

        return token;
    }
}
