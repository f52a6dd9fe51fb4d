using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Vox.Platform.StaticFiles;

/// <summary>
/// The files beside the app. Only files that a listing of wwwroot finds can be named, so no path leads anywhere else. The folder is
/// listed once, when the first file is asked for: an API call after a cold start does not wait for that.
/// </summary>
public sealed partial class StaticFileLibrary
{
    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json",
        [".map"] = "application/json",
        [".mts"] = "text/plain; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
        [".md"] = "text/markdown; charset=utf-8",
        [".yaml"] = "application/yaml",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the portal's build puts files whose names change with their content.</summary>
    private const string HashedFolder = "portal/assets/";

    private static readonly (string Extension, string Name)[] Compressed = [(".br", "br"), (".gz", "gzip")];

    private readonly ConcurrentDictionary<string, byte[]> contents = new(StringComparer.Ordinal);
    private readonly Lazy<FrozenDictionary<string, StaticFile>> files;

    public StaticFileLibrary()
        : this(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
    {
    }

    public StaticFileLibrary(string folder) => files = new(() => Load(folder));

    /// <param name="path">Relative, with <c>/</c>, such as <c>demo/index.html</c>. Case counts.</param>
    public StaticFile? Find(string path) => files.Value.GetValueOrDefault(path);

    /// <summary>Keeps the content in memory: all files together are a few megabytes.</summary>
    public byte[] Read(StaticEncoding encoding) => contents.GetOrAdd(encoding.File, File.ReadAllBytes);

    private static FrozenDictionary<string, StaticFile> Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return FrozenDictionary<string, StaticFile>.Empty;
        }

        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Type: ContentTypes.GetValueOrDefault(Path.GetExtension(file))))
            .Where(found => found.Type is not null)
            .Select(found => Describe(folder, found.File, found.Type!))
            .ToFrozenDictionary(file => file.Path, StringComparer.Ordinal);
    }

    private static StaticFile Describe(string folder, string file, string type)
    {
        var encodings = Compressed
            .Where(c => File.Exists(file + c.Extension)
                && File.GetLastWriteTimeUtc(file + c.Extension) >= File.GetLastWriteTimeUtc(file).AddSeconds(-1))
            .Select(c => Encoding(c.Name, file + c.Extension))
            .Append(Encoding("", file));
        var path = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
        return new StaticFile(path, type, [.. encodings])
        {
            IsHashed = path.StartsWith(HashedFolder, StringComparison.Ordinal) || Hashed().IsMatch(Path.GetFileName(file))
        };
    }

    private static StaticEncoding Encoding(string name, string file)
    {
        using var stream = File.OpenRead(file);
        return new StaticEncoding(name, file, $"\"{Convert.ToHexStringLower(SHA256.HashData(stream))[..24]}\"", stream.Length);
    }

    [GeneratedRegex(@"-[A-Z0-9]{8}\.(js|css)(\.map)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hashed();
}
