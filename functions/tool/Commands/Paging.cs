using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vox.OperatorTool.Commands;

/// <summary>The options of lists that come in pages.</summary>
internal sealed class Paging
{
    private readonly Option<string?> after = new("--after") { Description = "Where to go on: what the page before said." };
    private readonly Option<int> size = new("--size") { Description = "Rows of a page: 1–200.", DefaultValueFactory = _ => 50 };
    private readonly Option<bool> all = new("--all") { Description = "All pages, one after the other." };

    public void AddTo(Command command)
    {
        command.Options.Add(after);
        command.Options.Add(size);
        command.Options.Add(all);
    }

    /// <summary>Reads the wanted page, or all of them as one.</summary>
    /// <param name="path">The list; with a query or without.</param>
    /// <param name="list">The property that has the rows.</param>
    public async Task<JsonElement> ReadAsync(
        ParseResult parsed, AppClient app, string path, string list, CancellationToken cancellationToken)
    {
        var next = parsed.GetValue(after);
        JsonArray rows = [];
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await app.GetAsync(
                $"{path}{separator}size={(parsed.GetValue(all) ? 200 : parsed.GetValue(size))}"
                + (next is null ? "" : "&after=" + Uri.EscapeDataString(next)),
                cancellationToken);
            foreach (var row in page.GetProperty(list).EnumerateArray())
            {
                rows.Add(JsonNode.Parse(row.GetRawText()));
            }

            next = page.Text("next");
        }
        while (parsed.GetValue(all) && next is not null);

        return JsonSerializer.SerializeToElement(new JsonObject { [list] = rows, ["next"] = next });
    }

    public static void WriteNext(TextWriter writer, JsonElement page)
    {
        if (page.Text("next") is { } next)
        {
            writer.WriteLine();
            writer.WriteLine($"There are more: --after {next}, or --all.");
        }
    }
}
