using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NetVips;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>
/// Makes thumbnails with libvips. The images come from strangers. So only well-kept decoders for five formats may read them, the header is
/// checked before anything is decoded, errors are not ignored, time is limited, and only so many images are decoded at once as there is
/// memory for.
/// </summary>
public sealed partial class ImageRenderer(IOptions<FilesOptions> options, TimeProvider time, ILogger<ImageRenderer> logger) : IDisposable
{
    public const int ThumbnailSize = 200;
    public const int PreviewSize = 1_280;
    public const int PhotoSize = 640;

    /// <summary>Allowed decoders by content type. All others are out of reach, whatever libvips would recognise.</summary>
    private static readonly Dictionary<string, string[]> Decoders = new(StringComparer.Ordinal)
    {
        ["image/jpeg"] = ["VipsForeignLoadJpegFile", "VipsForeignLoadUhdrFile"],
        ["image/png"] = ["VipsForeignLoadPngFile"],
        ["image/webp"] = ["VipsForeignLoadWebpFile"],
        ["image/gif"] = ["VipsForeignLoadNsgifFile"],
        ["image/avif"] = ["VipsForeignLoadHeifFile"],
        ["image/heic"] = ["VipsForeignLoadHeifFile"],
    };

    private static readonly Lazy<bool> Ready = new(SetUp);

    private readonly SemaphoreSlim slots = new(options.Value.ImageConcurrency);
    private readonly DecodingRoom room = new(Math.Min(options.Value.MaxDecodedBytes, InstanceBytes() / 4));
    private int waiting;

    public long MaxBytes => options.Value.MaxImageBytes;

    public static bool CanTry(string contentType) => Decoders.ContainsKey(contentType);

    /// <param name="path">A file on this machine.</param>
    /// <param name="contentType">Judged by the content; null to find it out here.</param>
    /// <param name="square">Whether to crop to the middle square, as for photos.</param>
    /// <param name="download">Makes the file once it is this image's turn. Waiting images take no disk space.</param>
    /// <param name="after">Does more with the file while it is still this image's turn, also when the image cannot be decoded.</param>
    /// <exception cref="ImageException">The image cannot or may not be decoded.</exception>
    /// <exception cref="VoxException">busy</exception>
    public async Task<RenderedImage> RenderAsync(
        string path, string? contentType, bool square, Func<string, Task> download, Func<string, Task>? after,
        CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > options.Value.MaxWaitingImages + options.Value.ImageConcurrency)
        {
            Interlocked.Decrement(ref waiting);
            throw new VoxException(Errors.Busy, "Too many pictures wait to be scaled: try again shortly.");
        }

        try
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                await download(path);
                try
                {
                    return await RenderAsync(path, contentType ?? TypeOf(path), square, cancellationToken);
                }
                finally
                {
                    await (after?.Invoke(path) ?? Task.CompletedTask);
                }
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose()
    {
        slots.Dispose();
        room.Dispose();
    }

    private async Task<RenderedImage> RenderAsync(string path, string contentType, bool square, CancellationToken cancellationToken)
    {
        var image = await Task.Run(() => Look(path, contentType), cancellationToken);
        using var taken = await room.TakeAsync(image.Header.Bytes, cancellationToken);
        return await Task.Run(() => Render(path, contentType, image, square, cancellationToken), cancellationToken);
    }

    /// <summary>Checks all that can be checked before anything is decoded.</summary>
    private (string Decoder, ImageHeader Header) Look(string path, string contentType)
    {
        if (!Decoders.TryGetValue(contentType, out var decoders))
        {
            throw new ImageException(ImageException.Unsupported);
        }

        if (new FileInfo(path).Length > options.Value.MaxImageBytes)
        {
            throw new ImageException(ImageException.TooManyBytes);
        }

        return Try(contentType, CancellationToken.None, default, () =>
        {
            var decoder = Image.FindLoad(path);
            if (decoder is null || !decoders.Contains(decoder, StringComparer.Ordinal))
            {
                throw new ImageException(ImageException.Unsupported);
            }

            if (ImageHeader.GifScreen(path) > options.Value.MaxImagePixels)
            {
                throw new ImageException(ImageException.TooManyPixels);
            }

            var header = ImageHeader.Read(path, decoder);
            if ((long)header.Width * header.Height > options.Value.MaxImagePixels || !room.CanHold(header.Bytes))
            {
                throw new ImageException(ImageException.TooManyPixels);
            }

            return header.Frames > options.Value.MaxImageFrames
                ? throw new ImageException(ImageException.TooManyFrames)
                : (decoder, header);
        });
    }

    private RenderedImage Render(
        string path, string contentType, (string Decoder, ImageHeader Header) image, bool square, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.ImageTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return Try(contentType, stop.Token, cancellationToken, () =>
        {
            var header = image.Header;
            var (width, height) = header.IsTurned ? (header.Height, header.Width) : (header.Width, header.Height);
            var length = square ? Math.Min(PhotoSize, Math.Min(width, height)) : PreviewSize;
            using var preview = Decode(path, image.Decoder, length, square, header.Profile, stop.Token);
            var small = square ? Math.Min(ThumbnailSize, length) : ThumbnailSize;
            using var thumbnail = preview.ThumbnailImage(small, height: small, size: Enums.Size.Down);
            return new RenderedImage(width, height, Encode(thumbnail), Encode(preview));
        });
    }

    private T Try<T>(string contentType, CancellationToken stop, CancellationToken cancellationToken, Func<T> work)
    {
        try
        {
            _ = Ready.Value;
            return work();
        }
        catch (VipsException e) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ImageException(ImageException.TooSlow, e);
        }
        catch (VipsException e)
        {
            // HEIC mostly holds HEVC, for which the packaged libvips has no decoder.
            NotDecoded(contentType, e.Message);
            throw new ImageException(contentType == "image/heic" ? ImageException.Unsupported : ImageException.Corrupt, e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            // The platform lacks the native library; see the project file.
            NoLibrary(e);
            throw new ImageException(ImageException.Unsupported, e);
        }
    }

    private static long InstanceBytes() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes ? bytes : long.MaxValue;

    private static string TypeOf(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[ContentSniffer.Needed];
        return ContentSniffer.Sniff(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]).ContentType;
    }

    /// <summary>
    /// A JPEG that lacks its last bytes is still a picture: cameras and broken downloads make them, and browsers show them. So much must be
    /// there that the first attempt can be forgiven.
    /// </summary>
    private static Image Decode(string path, string decoder, int length, bool square, string? profile, CancellationToken stop)
    {
        try
        {
            return Decode(path, decoder, length, square, profile, Enums.FailOn.Error, stop);
        }
        catch (VipsException) when (!stop.IsCancellationRequested && TruncatedJpeg.IsWorthShowing(path, decoder))
        {
            return Decode(path, decoder, length, square, profile, Enums.FailOn.None, stop);
        }
    }

    private static Image Decode(
        string path, string decoder, int length, bool square, string? profile, Enums.FailOn failOn, CancellationToken stop)
    {
        using var lazy = Shrink(path, decoder, length, square, profile, failOn);
        lazy.SetProgress(null, stop);
        return lazy.CopyMemory();
    }

    /// <summary>Decodes no more than needed: JPEG and WebP can be scaled while they are read.</summary>
    private static Image Shrink(string path, string decoder, int length, bool square, string? profile, Enums.FailOn failOn)
    {
        var (size, crop) = square ? (Enums.Size.Both, Enums.Interesting.Centre) : (Enums.Size.Down, Enums.Interesting.None);
        if (decoder.EndsWith("UhdrFile", StringComparison.Ordinal))
        {
            // Uses the plain JPEG inside an Ultra HDR image. The Ultra HDR decoder would decode all of it in memory.
            using var plain = Image.Jpegload(path, access: Enums.Access.Sequential, failOn: failOn);
            var shrink = (Math.Min(plain.Width, plain.Height) / length) switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };
            using var image = Image.Jpegload(path, shrink: shrink, access: Enums.Access.Sequential, failOn: failOn);
            return image.ThumbnailImage(length, height: length, size: size, crop: crop, outputProfile: profile);
        }

        return Image.Thumbnail(path, length, height: length, size: size, crop: crop, outputProfile: profile, failOn: failOn);
    }

    private static EncodedImage Encode(Image image) => image.HasAlpha()
        ? new(image.WebpsaveBuffer(q: 80, effort: 2, keep: Enums.ForeignKeep.None), "image/webp")
        : new(image.JpegsaveBuffer(q: 80, optimizeCoding: true, keep: Enums.ForeignKeep.None), "image/jpeg");

    private static bool SetUp()
    {
        // Nothing is decoded twice, so a cache would only keep strangers' images in memory.
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        NetVips.NetVips.Concurrency = Math.Clamp(Environment.ProcessorCount, 1, 2);
        NetVips.NetVips.BlockUntrusted = true;

        // Our own log line has what libvips would write to the error stream for each bad image.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
        return true;
    }

    [LoggerMessage(6000, LogLevel.Information, "A picture of type {ContentType} was not decoded: {Why}")]
    private partial void NotDecoded(string contentType, string why);

    [LoggerMessage(6001, LogLevel.Error, "libvips cannot be loaded: no thumbnails are made")]
    private partial void NoLibrary(Exception exception);
}
