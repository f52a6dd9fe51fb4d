using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Vox.Portal;

public sealed record PortalPage(byte[] Content, string ContentType, string ETag, bool IsHashed);

/// <summary>The built pages of functions/portal, read from the app's folder when they are first asked for.</summary>
public sealed class PortalPages
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly string root = Path.Combine(AppContext.BaseDirectory, "wwwroot", "portal");
    private readonly ConcurrentDictionary<string, PortalPage> pages = new(StringComparer.Ordinal);

    /// <summary>A file, or the one page of the app for an address that it finds its way with itself; null for a file that is not there.</summary>
    public PortalPage? Find(string? path)
    {
        var name = path is null or "" || !Path.HasExtension(path) ? "index.html" : path;
        if (pages.TryGetValue(name, out var known))
        {
            return known;
        }

        // Only what really lies inside: no dots, drives or links lead out.
        var file = Path.GetFullPath(Path.Combine(root, name));
        if (!file.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(file))
        {
            return null;
        }

        var content = File.ReadAllBytes(file);
        var type = Types.TryGetContentType(file, out var found) ? found : "application/octet-stream";
        var page = new PortalPage(
            content,
            type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type,
            $"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..16])}\"",
            name.StartsWith("assets/", StringComparison.Ordinal));
        // Existing files only, so their number bounds this.
        pages.TryAdd(name, page);
        return page;
    }
}
