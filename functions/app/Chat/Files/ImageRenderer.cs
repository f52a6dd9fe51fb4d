using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NetVips;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>
/// Makes thumbnails with libvips. The images come from strangers. So only well-kept decoders for five formats may read them, the header is
/// checked before anything is decoded, errors are not ignored, time is limited, and only a few images are decoded at once.
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
    private int waiting;

    public long MaxBytes => options.Value.MaxImageBytes;

    public static bool CanTry(string contentType) => Decoders.ContainsKey(contentType);

    /// <param name="path">A file on this machine.</param>
    /// <param name="contentType">Judged by the content; null to find it out here.</param>
    /// <param name="square">Whether to crop to the middle square, as for photos.</param>
    /// <param name="download">Makes the file once it is this image's turn. Waiting images take no disk space.</param>
    /// <exception cref="ImageException">The image cannot or may not be decoded.</exception>
    /// <exception cref="VoxException">busy</exception>
    public async Task<RenderedImage> RenderAsync(
        string path, string? contentType, bool square, Func<string, Task> download, CancellationToken cancellationToken)
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
                return await Task.Run(() => Render(path, contentType ?? TypeOf(path), square, cancellationToken), cancellationToken);
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

    public void Dispose() => slots.Dispose();

    private RenderedImage Render(string path, string contentType, bool square, CancellationToken cancellationToken)
    {
        if (!Decoders.TryGetValue(contentType, out var decoders))
        {
            throw new ImageException(ImageException.Unsupported);
        }

        if (new FileInfo(path).Length > options.Value.MaxImageBytes)
        {
            throw new ImageException(ImageException.TooManyBytes);
        }

        using var limit = new CancellationTokenSource(options.Value.ImageTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            _ = Ready.Value;
            var decoder = Image.FindLoad(path);
            if (decoder is null || !decoders.Contains(decoder, StringComparer.Ordinal))
            {
                throw new ImageException(ImageException.Unsupported);
            }

            var (width, height, profile) = CheckHeader(path);
            var length = square ? Math.Min(PhotoSize, Math.Min(width, height)) : PreviewSize;
            using var lazy = Shrink(path, decoder, length, square, profile);
            lazy.SetProgress(null, stop.Token);
            using var preview = lazy.CopyMemory();
            var small = square ? Math.Min(ThumbnailSize, length) : ThumbnailSize;
            using var thumbnail = preview.ThumbnailImage(small, height: small, size: Enums.Size.Down);
            return new RenderedImage(width, height, Encode(thumbnail), Encode(preview));
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

    private static string TypeOf(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[ContentSniffer.Needed];
        return ContentSniffer.Sniff(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]).ContentType;
    }

    /// <summary>Reads only the header: libvips decodes when pixels are asked for.</summary>
    /// <returns>Width and height as displayed, and the colour profile to convert to; null when the image is plain sRGB already.</returns>
    private (int Width, int Height, string? Profile) CheckHeader(string path)
    {
        CheckGifScreen(path);
        using var header = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        if ((long)header.Width * header.Height > options.Value.MaxImagePixels)
        {
            throw new ImageException(ImageException.TooManyPixels);
        }

        var frames = header.Contains("n-pages") ? (int)header.Get("n-pages") : 1;
        if (frames > options.Value.MaxImageFrames)
        {
            throw new ImageException(ImageException.TooManyFrames);
        }

        var turned = header.Contains("orientation") && (int)header.Get("orientation") is >= 5 and <= 8;
        // Converting costs more than decoding and scaling together. It changes nothing in an image without a colour profile of its own.
        var isPlain = header.Interpretation == Enums.Interpretation.Srgb && header.Format == Enums.BandFormat.Uchar
            && !header.Contains("icc-profile-data");
        var profile = isPlain ? null : "srgb";
        return turned ? (header.Height, header.Width, profile) : (header.Width, header.Height, profile);
    }

    /// <summary>A GIF's screen may be larger than its frames. The decoder ignores an absurd screen size; browsers might not.</summary>
    private void CheckGifScreen(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[10];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.StartsWith("GIF8"u8)
            && (long)BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) * BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
                > options.Value.MaxImagePixels)
        {
            throw new ImageException(ImageException.TooManyPixels);
        }
    }

    /// <summary>Decodes no more than needed: JPEG and WebP can be scaled while they are read.</summary>
    private static Image Shrink(string path, string decoder, int length, bool square, string? profile)
    {
        var (size, crop) = square ? (Enums.Size.Both, Enums.Interesting.Centre) : (Enums.Size.Down, Enums.Interesting.None);
        if (decoder.EndsWith("UhdrFile", StringComparison.Ordinal))
        {
            // Uses the plain JPEG inside an Ultra HDR image. The Ultra HDR decoder would decode all of it in memory.
            using var plain = Image.Jpegload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            var shrink = (Math.Min(plain.Width, plain.Height) / length) switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };
            using var image = Image.Jpegload(path, shrink: shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            return image.ThumbnailImage(length, height: length, size: size, crop: crop, outputProfile: profile);
        }

        return Image.Thumbnail(path, length, height: length, size: size, crop: crop, outputProfile: profile, failOn: Enums.FailOn.Error);
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
