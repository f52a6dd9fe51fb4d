using System.Text.Json;

namespace Vox.OperatorTool;

/// <summary>Writes answers: for people as lines and tables, with <c>--json</c> as the app sent them.</summary>
internal sealed class Output(TextWriter writer, bool json)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool IsJson => json;

    /// <summary>The answer as JSON, or what <paramref name="forPeople"/> writes.</summary>
    public void Write(object answer, Action<TextWriter> forPeople)
    {
        if (json)
        {
            writer.WriteLine(JsonSerializer.Serialize(answer, Indented));
        }
        else
        {
            forPeople(writer);
        }
    }

    /// <summary>Columns as wide as their widest text; two blanks between them.</summary>
    public static void Table(TextWriter writer, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string?>> rows)
    {
        List<IReadOnlyList<string?>> lines = [titles, .. rows];
        var widths = titles.Select((_, column) => lines.Max(line => line[column]?.Length ?? 0)).ToList();
        foreach (var line in lines)
        {
            writer.WriteLine(string.Join("  ", line.Select((text, column) => (text ?? "").PadRight(widths[column]))).TrimEnd());
        }
    }
}
