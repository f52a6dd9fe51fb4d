namespace Vox.Platform.StaticFiles;

/// <summary>A file of wwwroot, in the encodings that can be sent.</summary>
/// <param name="Path">As in the address, such as <c>js/calmsdk-001.js</c>.</param>
/// <param name="Encodings">The plain file, and what the build has compressed; the smallest first.</param>
public sealed record StaticFile(string Path, string ContentType, IReadOnlyList<StaticEncoding> Encodings)
{
    /// <summary>Whether the name changes with the content, such as <c>app-3F2KQ7LZ.js</c>: such a file can be kept for ever.</summary>
    public bool IsHashed { get; init; }

    public bool IsPage => ContentType.StartsWith("text/html", StringComparison.Ordinal);
}

/// <param name="Name">As in Accept-Encoding; empty for the plain file.</param>
/// <param name="Tag">A strong ETag: for exactly these bytes.</param>
public sealed record StaticEncoding(string Name, string File, string Tag, long Length);
