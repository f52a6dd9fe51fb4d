using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>
/// Addresses of files: <c>/media/{project}/{token}/{key}</c>. The token says who looks and has a signature of 128 bits, so an address
/// works in an <c>img</c> without headers. It shows what that user may see at the moment. Addresses per session were rejected: apps store
/// prefixes and addresses, and pictures must not vanish when a user logs out. See docs/decisions/0007-files.md.
/// </summary>
public sealed class MediaService(
    ProjectService projects, MediaPrefixes prefixes, FileStore files, FileAudience audience, FileBlobs blobs,
    IOptions<FilesOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly ExpiringCache<(string, string), StoredFile> known = new(20_000, Remembered, time);

    /// <summary>Where the bytes of a key are now, and for how long that is valid.</summary>
    /// <exception cref="VoxException">not_found, whichever part of the address is wrong, and when the user may not see the file</exception>
    public async Task<(Uri Target, TimeSpan Lifetime)> ResolveAsync(
        string projectId, string token, string key, CancellationToken cancellationToken)
    {
        var fileKey = FileKey.FileOf(key);
        var part = key.StartsWith(FileKey.ThumbnailPrefix, StringComparison.Ordinal) ? FileBlobs.Thumbnail
            : key.StartsWith(FileKey.PreviewPrefix, StringComparison.Ordinal) ? FileBlobs.Preview
            : FileBlobs.Main;
        if (!FileKey.IsValid(fileKey)
            || await projects.FindAsync(projectId, cancellationToken) is null
            || await prefixes.ReadAsync(projectId, token, cancellationToken) is not { } viewer
            || await FindFileAsync(projectId, fileKey, cancellationToken) is not { Content: { } content } file
            || TypeOf(content, part) is not { Length: > 0 } type
            || !await audience.MaySeeAsync(viewer, file, cancellationToken))
        {
            throw new VoxException(Errors.NotFound, "There is no file at this address.");
        }

        var now = time.GetUtcNow();
        var expires = Expiry(now);
        return (
            await blobs.ReadLinkAsync(file, part, Delivery.Headers(type, FileKey.NameOf(file.Key)), expires, cancellationToken),
            expires - now);
    }

    /// <summary>
    /// The end of the next half lifetime. The address stays the same for half the lifetime, so browsers can reuse the file.
    /// </summary>
    private DateTimeOffset Expiry(DateTimeOffset now)
    {
        var half = options.Value.LinkLifetime.Ticks / 2;
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

        file = await files.FindAsync(projectId, ChatKeys.FileId(projectId, key), cancellationToken);
        if (file is not { State: FileState.Stored or FileState.Done })
        {
            return null;
        }

        known.Set((projectId, key), file);
        return file;
    }
}
