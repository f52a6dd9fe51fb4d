using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Http;

/// <summary>Limits of the HTTP side. Section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>Largest body of an API request in bytes. 16 KiB–10 MiB, default 256 KiB; above it 413.</summary>
    [Range(16 * 1024, 10 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>How long browsers may remember a CORS preflight, in seconds. 0–86,400, default 7,200.</summary>
    [Range(0, 86_400)]
    public int PreflightSeconds { get; set; } = 7_200;
}
