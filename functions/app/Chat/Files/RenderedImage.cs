namespace Vox.Chat.Files;

/// <summary>The scaled versions of an image: upright, in sRGB, without metadata.</summary>
/// <param name="Width">Width of the original, as displayed.</param>
public sealed record RenderedImage(int Width, int Height, EncodedImage Thumbnail, EncodedImage Preview);

public sealed record EncodedImage(byte[] Bytes, string ContentType);

/// <summary>Why an image is not decoded. <see cref="Code"/> is part of the API.</summary>
internal sealed class ImageException(string code, Exception? inner = null) : Exception(code, inner)
{
    public const string Unsupported = "image_unsupported";
    public const string Corrupt = "image_corrupt";
    public const string TooManyBytes = "image_too_many_bytes";
    public const string TooManyPixels = "image_too_many_pixels";
    public const string TooManyFrames = "image_too_many_frames";
    public const string TooSlow = "image_too_slow";

    public string Code { get; } = code;
}
