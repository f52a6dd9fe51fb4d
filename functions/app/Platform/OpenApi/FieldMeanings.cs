using System.Collections.Frozen;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Vox.Platform.OpenApi;

/// <summary>
/// What the fields of contracts mean: what the doc comment of the contract's parameter says, and otherwise what <c>field-meanings.txt</c>
/// says about the name.
/// </summary>
internal static partial class FieldMeanings
{
    private static readonly Lazy<FrozenDictionary<string, string>> ByName = new(() =>
    {
        using var stream = typeof(FieldMeanings).Assembly.GetManifestResourceStream("field-meanings.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#').Select(line => line.Split(": ", 2))
            .ToFrozenDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    });

    private static readonly Lazy<FrozenDictionary<string, string>> Comments = new(Read);

    /// <summary>Of a parameter of a request.</summary>
    public static string? Of(string name) => ByName.Value.GetValueOrDefault(name);

    /// <param name="contract">The record that has the field.</param>
    /// <param name="name">As it is written in JSON.</param>
    public static string? Of(Type contract, string name) =>
        Comments.Value.GetValueOrDefault($"{(contract.IsGenericType ? contract.GetGenericTypeDefinition() : contract).FullName}.{name}")
        ?? Of(name);

    /// <summary>The comments stand beside the assembly. Without that file there are the meanings by name.</summary>
    private static FrozenDictionary<string, string> Read()
    {
        var file = Path.ChangeExtension(typeof(FieldMeanings).Assembly.Location, ".xml");
        return file.Length == 0 || !File.Exists(file)
            ? FrozenDictionary<string, string>.Empty
            : (from member in XDocument.Load(file).Descendants("member")
               let type = (string?)member.Attribute("name")
               where type?.StartsWith("T:", StringComparison.Ordinal) == true
               from parameter in member.Elements("param")
               let name = (string)parameter.Attribute("name")!
               let text = TextOf(parameter)
               where text.Length > 0
               select KeyValuePair.Create($"{type[2..]}.{char.ToLowerInvariant(name[0])}{name[1..]}", text))
                .DistinctBy(pair => pair.Key, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The words, with the last part of what the comment refers to.</summary>
    private static string TextOf(XElement comment) => Blanks().Replace(
        string.Concat(comment.DescendantNodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } element =>
                ((string?)element.Attribute("cref") ?? (string?)element.Attribute("name") ?? "").Split('.', ':')[^1],
            _ => "",
        })),
        " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Blanks();
}
