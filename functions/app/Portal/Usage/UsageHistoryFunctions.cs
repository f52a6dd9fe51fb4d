using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ChatLogs;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Usage;

/// <param name="Time">UTC.</param>
/// <param name="Group">Empty between two users.</param>
/// <param name="File">The file's name; empty when the message is none.</param>
/// <param name="FileAddress">Where the file is, on this server: opens as long as the file is stored. Absent when the message is none.</param>
public sealed record UsageHistoryRow(string From, string To, string Group, string Data, string File, string? FileAddress, DateTimeOffset Time);

/// <param name="More">Whether there is a next page.</param>
public sealed record UsageHistoryPage(IReadOnlyList<UsageHistoryRow> Rows, bool More);

/// <summary>The project's log in the portal (guide 3.12 f): the same that REST history shows.</summary>
public sealed class UsageHistoryFunctions(ProjectCallers access, ChatLogReader reader, MediaPrefixes prefixes)
{
    private const string Base = "api/portal/v1/projects/{projectId}/history";
    private const int MaxExport = 50_000;
    private const int Image = 4;
    private const int Video = 5;
    private const int Document = 7;

    [Function("GetUsageHistory")]
    [PortalOperation("Portal usage", "Messages of a project, newest first", Query = "from? to? group? start? end? page? size?", Response = typeof(UsageHistoryPage))]
    public async Task<IActionResult> GetUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var size = fields.Number("size", 1, 200, 50);
        var page = fields.Number("page", 1, 10_000_000, 1);
        var entries = await reader.ReadAsync(projectId, Filter(fields), (long)(page - 1) * size, size + 1, cancellationToken);
        var files = await prefixes.PathAsync(projectId, cancellationToken);
        return PortalResults.Json(
            request, new UsageHistoryPage([.. entries.Take(size).Select(entry => Row(entry, files))], entries.Count > size), PortalUsageJson.Wire.UsageHistoryPage);
    }

    [Function("ExportUsageHistory")]
    [PortalOperation("Portal usage", "The same as CSV, the newest 50,000", Query = "from? to? group? start? end?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        var filter = Filter(RequestFields.OfQuery(request));
        var csv = new Csv("From", "To", "Group", "Data", "File", "Time (UTC)");
        var files = await prefixes.PathAsync(projectId, cancellationToken);
        for (var offset = 0; offset < MaxExport; offset += 1_000)
        {
            var entries = await reader.ReadAsync(projectId, filter, offset, 1_000, cancellationToken);
            foreach (var row in entries.Select(entry => Row(entry, files)))
            {
                csv.Row(row.From, row.To, row.Group, row.Data, row.File, row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }

            if (entries.Count < 1_000)
            {
                break;
            }
        }

        return PortalResults.Download(request, csv.ToBytes(), "text/csv; charset=utf-8", "usage-history.csv");
    }

    private static UsageHistoryRow Row(ChatLogEntry entry, string files)
    {
        // The data of a file's message is its key; a message of that type with anything else in it has no file.
        var isFile = entry.Type is Image or Video or Document && FileKey.IsValid(entry.Data);
        return new(
            entry.From, entry.To, entry.Group, entry.Data, isFile ? FileKey.NameOf(entry.Data) : "",
            isFile ? files + Uri.EscapeDataString(entry.Data) : null, DateTimeOffset.FromUnixTimeMilliseconds(entry.LoggedAt));
    }

    private static ChatLogFilter Filter(RequestFields fields)
    {
        var group = Optional(fields.Exact("group"));
        var to = Optional(fields.Exact("to"));
        // Of a group that was renamed or shares its name, the id finds all messages and no others: it is what they were sent to.
        if (group is not null && ConversationKey.IsGroupId(group) && (to is null || to == group))
        {
            (to, group) = (group, null);
        }

        var filter = new ChatLogFilter(Optional(fields.Exact("from")), to, Time(fields, "start"), Time(fields, "end"), group);
        return filter.Start > filter.End ? throw new VoxException(Errors.InvalidField, "start is after end.", "start") : filter;
    }

    private static string? Optional(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long? Time(RequestFields fields, string name) => fields[name] switch
    {
        null or "" => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year is >= 1970 and < 9999 => time.ToUnixTimeMilliseconds(),
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be a time such as 2026-01-31T23:59:59Z.", name),
    };
}
