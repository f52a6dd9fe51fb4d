using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vox.Benchmarks.Runner;

/// <summary>What a scenario has to say: sentences and tables, as Markdown or as JSON.</summary>
internal sealed class Report(string scenario, bool quiet = false)
{
    private readonly List<string> notes = [];
    private readonly List<Table> tables = [];
    private string raw = "";
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private double mostLoad = Machine.Load;

    public string Scenario => scenario;

    /// <summary>A condition, or what a figure means.</summary>
    /// <param name="parts">One text, in parts that fit on a line.</param>
    public void Note(params FormattableString[] parts)
    {
        var text = string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture)));
        notes.Add(text);
        Progress($"{text}");
    }

    /// <summary>Text for the person who watches the run. It is not part of the report.</summary>
    public void Progress(FormattableString text)
    {
        if (!quiet)
        {
            Console.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"[{scenario} {clock.Elapsed.TotalSeconds,4:0} s, load {Machine.Load:0.0}] ")
                    + text.ToString(CultureInfo.InvariantCulture));
        }
    }

    public Table Table(params string[] columns)
    {
        var table = new Table(columns);
        tables.Add(table);
        return table;
    }

    /// <summary>Adds a row, with the load under which it was measured.</summary>
    public void Row(Table table, params object[] cells)
    {
        mostLoad = Math.Max(mostLoad, Machine.Load);
        var row = Array.ConvertAll(cells, Text);
        table.Rows.Add(row);
        Progress($"{string.Join(" | ", row)}");
    }

    /// <summary>The tables of a scenario that writes its own.</summary>
    public void Add(string markdown) => raw += markdown.Trim() + "\n";

    /// <summary>One line for the table of all scenarios. It holds the first figures of each row.</summary>
    public string Summary()
    {
        var rows = tables.SelectMany(table => table.Rows.Select(row =>
            $"**{row[0]}**: " + string.Join(
                ", ",
                table.Columns.Zip(row).Skip(1).Where(c => c.Second is not ("" or "–")).Take(6).Select(c => $"{c.First} {c.Second}"))));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| [{scenario}](#{scenario}) | {(tables.Count == 0 ? "see there" : string.Join("<br>", rows))} | {mostLoad:0.0} |\n");
    }

    public string Markdown()
    {
        var text = new StringBuilder($"### {scenario}\n\n");
        text.Append(string.Join(' ', notes)).Append(
            CultureInfo.InvariantCulture, $" Took {clock.Elapsed.TotalSeconds:0} s; highest load {mostLoad:0.0}.\n");
        foreach (var table in tables)
        {
            text.Append('\n').Append("| ").AppendJoin(" | ", table.Columns).Append(" |\n|")
                .Insert(text.Length, "---|", table.Columns.Length).Append('\n');
            foreach (var row in table.Rows)
            {
                text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
            }
        }

        if (raw.Length > 0)
        {
            text.Append('\n').Append(raw);
        }

        return text.Append('\n').ToString();
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("scenario", scenario);
        json.WriteNumber("seconds", Math.Round(clock.Elapsed.TotalSeconds, 1));
        json.WriteNumber("highestLoad", mostLoad);
        json.WriteStartArray("conditions");
        notes.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("tables");
        foreach (var table in tables)
        {
            json.WriteStartArray();
            foreach (var row in table.Rows)
            {
                json.WriteStartObject();
                foreach (var (column, cell) in table.Columns.Zip(row))
                {
                    json.WriteString(column, cell);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Text(object cell) => cell switch
    {
        double.NaN => "–",
        double d and (>= 100 or <= -100) => d.ToString("N0", CultureInfo.InvariantCulture),
        double d and (>= 10 or <= -10) => d.ToString("0.0", CultureInfo.InvariantCulture),
        double d => d.ToString("0.00", CultureInfo.InvariantCulture),
        int n => n.ToString("N0", CultureInfo.InvariantCulture),
        long n => n.ToString("N0", CultureInfo.InvariantCulture),
        FormattableString text => text.ToString(CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}

internal sealed record Table(string[] Columns)
{
    public List<string[]> Rows { get; } = [];
}
