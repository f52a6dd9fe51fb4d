using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Files;

/// <summary>Limits of files and images. Section <c>Files</c>.</summary>
public sealed class FilesOptions
{
    public const string Section = "Files";

    /// <summary>Largest file in bytes. 1 KiB–100 GiB, default 1 GiB.</summary>
    [Range(1_024, 107_374_182_400)]
    public long MaxFileBytes { get; set; } = 1_073_741_824;

    /// <summary>Bytes that all files of a project may have together. 1 KiB–100 TiB, default 100 GiB.</summary>
    [Range(1_024, 109_951_162_777_600)]
    public long ProjectQuotaBytes { get; set; } = 107_374_182_400;

    /// <summary>Bytes that all files of one user may have together. 1 KiB–100 TiB, default 5 GiB.</summary>
    [Range(1_024, 109_951_162_777_600)]
    public long UserQuotaBytes { get; set; } = 5_368_709_120;

    /// <summary>Size of an upload's block in bytes. A file has at most 50,000 blocks. 64 KiB–100 MiB, default 4 MiB.</summary>
    [Range(65_536, 104_857_600)]
    public int BlockBytes { get; set; } = 4_194_304;

    /// <summary>Uploads that a user may have open at once. 1–1,000, default 100.</summary>
    [Range(1, 1_000)]
    public int MaxPendingUploads { get; set; } = 100;

    /// <summary>
    /// Longest time that an upload's address lets the client write, in minutes. A small file gets less: three minutes, and a second for
    /// each 64 KiB. It can be renewed. 5–240, default 30.
    /// </summary>
    [Range(5, 240)]
    public int UploadMinutes { get; set; } = 30;

    internal TimeSpan UploadTimeOf(long bytes) =>
        TimeSpan.FromSeconds(Math.Min(TimeSpan.FromMinutes(UploadMinutes).TotalSeconds, 180 + (bytes / 65_536)));

    /// <summary>How long an upload can be resumed before it is swept, in hours. 1–168, default 24.</summary>
    [Range(1, 168)]
    public int PendingHours { get; set; } = 24;

    internal TimeSpan PendingTime => TimeSpan.FromHours(PendingHours);

    /// <summary>After this time the sweep resumes a completion that a process left half done, in minutes. 5–240, default 15.</summary>
    [Range(5, 240)]
    public int CompletionMinutes { get; set; } = 15;

    internal TimeSpan CompletionTime => TimeSpan.FromMinutes(CompletionMinutes);

    /// <summary>How often the sweep tries to finish such a file. After that the file is refused. 1–100, default 5.</summary>
    [Range(1, 100)]
    public int MaxCompletionAttempts { get; set; } = 5;

    /// <summary>
    /// How long the target of a media address is valid, in minutes: at least half of it, at most the whole. So the target stays the same
    /// for a while, and browsers find the file in their cache. 10–720, default 120.
    /// </summary>
    [Range(10, 720)]
    public int LinkMinutes { get; set; } = 120;

    internal TimeSpan LinkLifetime => TimeSpan.FromMinutes(LinkMinutes);

    /// <summary>Largest file that is decoded for a thumbnail, in bytes. 1 MiB–256 MiB, default 64 MiB.</summary>
    [Range(1_048_576, 268_435_456)]
    public long MaxImageBytes { get; set; } = 67_108_864;

    /// <summary>Most pixels (width × height) of an image that is decoded. 1–200 million, default 64 million.</summary>
    [Range(1_000_000, 200_000_000)]
    public long MaxImagePixels { get; set; } = 64_000_000;

    /// <summary>Most frames of an animation. 1–100,000, default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxImageFrames { get; set; } = 1_000;

    /// <summary>
    /// Most bytes of memory that images may take together while they are decoded in one process. An image that would need more by itself
    /// is not decoded. It is never more than a quarter of the instance's memory. 16 MiB–4 GiB, default 80 MiB.
    /// </summary>
    [Range(16_777_216, 4_294_967_296)]
    public long MaxDecodedBytes { get; set; } = 83_886_080;

    /// <summary>Images that are decoded at the same time in one process. 1–16, default 2.</summary>
    [Range(1, 16)]
    public int ImageConcurrency { get; set; } = 2;

    /// <summary>Images that may wait to be decoded. Above it, the answer is 503. 1–10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int MaxWaitingImages { get; set; } = 100;

    /// <summary>Longest time for one image, in seconds. 1–120, default 20.</summary>
    [Range(1, 120)]
    public int ImageSeconds { get; set; } = 20;

    internal TimeSpan ImageTimeout => TimeSpan.FromSeconds(ImageSeconds);

    /// <summary>Base of media addresses, such as a CDN's. Default: the host that the client called.</summary>
    public Uri? MediaBase { get; set; }

    /// <summary>
    /// Lets web pages of any origin use the blob service's signed addresses, by setting its CORS rules at start. It is on when a local
    /// start starts the storage emulator. Elsewhere the infrastructure sets the rules. Default: off.
    /// </summary>
    public bool? SetBlobCors { get; set; }
}
