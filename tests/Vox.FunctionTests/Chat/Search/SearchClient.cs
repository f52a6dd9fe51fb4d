using System.Text.Json;
using Azure.Data.Tables;
using Vox.Chat.ChatLogs;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Search;

/// <summary>What a project's search finds, and what its index has.</summary>
internal static class SearchClient
{
    /// <summary>As the switch in the portal, without the index of what was sent before.</summary>
    public static Task SwitchOnAsync(this TestProject project) => project.App.Get<ProjectService>().UpdateAsync(
        project.Id, stored => stored with { SearchEnabled = true }, CancellationToken.None);

    /// <summary>Completes when the index has what was stored so far.</summary>
    public static Task IndexedAsync(this TestProject project) =>
        project.App.Get<ChatLogWriter>().DrainAsync(project.Id);

    /// <summary>All texts that are found, page by page, newest first.</summary>
    public static async Task<List<string>> FindAsync(this TestSession user, string query, int limit = 20, int maxPages = 50)
    {
        var (found, cursor) = (new List<string>(), (string?)null);
        for (var page = 0; page < maxPages; page++)
        {
            var answer = await user.SearchAsync(query, limit, cursor);
            found.AddRange(Texts(answer));
            if (!answer.TryGetProperty("next", out var next))
            {
                return found;
            }

            cursor = next.GetString();
        }

        throw new InvalidOperationException($"More than {maxPages} pages.");
    }

    public static Task<JsonElement> SearchAsync(this TestSession user, string query, int limit = 20, string? cursor = null) =>
        user.GetJsonAsync(
            $"/api/v1/search?q={Uri.EscapeDataString(query)}&limit={limit}{(cursor is null ? "" : "&cursor=" + cursor)}");

    public static IEnumerable<string> Texts(JsonElement page) => page.GetProperty("hits").EnumerateArray()
        .Select(hit => hit.GetProperty("message").GetProperty("data").GetString()!);

    /// <summary>Rows of the project in the index.</summary>
    public static async Task<List<TableEntity>> IndexRowsAsync(this TestProject project, Backends backends)
    {
        var table = new TableClient(backends.StorageConnection, project.App.TablePrefix + "searchindex");
        await table.CreateIfNotExistsAsync();
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.PartitionKey == project.Id + "|0"))
        {
            rows.Add(row);
        }

        return rows;
    }
}
