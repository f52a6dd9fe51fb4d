using System.Reflection;
using System.Text;

namespace Vox.Tests.Hostile;

/// <summary>
/// Requests that once went wrong, one per file in <c>Corpus</c>. A file has the bytes that were sent, with <c>{{name}}</c> for values that
/// differ in each run, and <c>{{length}}</c> for the length of the body.
/// </summary>
internal static class Corpus
{
    private static readonly string Folder = typeof(Corpus).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Vox.FaultTests.Corpus").Value!;

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.http").Order(StringComparer.Ordinal);

    public static byte[] Read(string file, FuzzWorld world)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        foreach (var (name, value) in Named(world))
        {
            text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        }

        var length = text.Length - text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        return Encoding.Latin1.GetBytes(text.Replace("{{length}}", $"{length}", StringComparison.Ordinal));
    }

    /// <summary>
    /// Writes a request that has just gone wrong to a file, so that somebody can look at it and then keep it in <c>Corpus</c>.
    /// </summary>
    public static string Write(byte[] request, FuzzWorld world)
    {
        var text = Encoding.Latin1.GetString(request);
        foreach (var (name, value) in Named(world).Where(pair => pair.Value.Length > 8).OrderByDescending(pair => pair.Value.Length))
        {
            text = text.Replace(value, "{{" + name + "}}", StringComparison.Ordinal);
        }

        text = System.Text.RegularExpressions.Regex.Replace(
            text,
            @"(?<=\r\nContent-Length: )\d+(?=\r\n)",
            "{{length}}",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(5));
        var file = Path.Combine(Path.GetTempPath(), $"vox-finding-{Guid.NewGuid().ToString("N")[..8]}.http");
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text));
        return file;
    }

    private static IEnumerable<KeyValuePair<string, string>> Named(FuzzWorld world) =>
        world.Values.ByName.Append(new("access", world.AccessToken)).Append(new("cookie", world.Cookie))
            .Append(new("csrf", world.CsrfToken));
}
