using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.ChatLogs;
using Vox.Http;
using Vox.OpenApi;
using Vox.Portal;
using Vox.Projects;

namespace Vox.Usage;

/// <param name="Time">UTC.</param>
/// <param name="Group">Empty between two users.</param>
/// <param name="File">Empty, or what is known about the file of the message.</param>
public sealed record UsageHistoryRow(string From, string To, string Group, string Data, string File, DateTimeOffset Time);

/// <param name="More">Whether there is a next page.</param>
public sealed record UsageHistoryPage(IReadOnlyList<UsageHistoryRow> Rows, bool More);

/// <summary>The project's log in the portal (guide 3.12 f): the same that REST history shows.</summary>
public sealed class UsageHistoryFunctions(ProjectCallers access, ChatLogReader reader)
{
    private const string Base = "api/portal/v1/projects/{projectId}/history";
    private const int MaxExport = 50_000;

    [Function("GetUsageHistory")]
    [ApiOperation("Portal usage", "Messages of a project, newest first", Query = "from? to? start? end? page? size?", Response = typeof(UsageHistoryPage), Portal = true)]
    public async Task<IActionResult> GetUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var size = fields.Number("size", 1, 200, 50);
        var page = fields.Number("page", 1, 10_000_000, 1);
        var entries = await reader.ReadAsync(projectId, Filter(fields), (long)(page - 1) * size, size + 1, cancellationToken);
        return PortalResults.Json(
            request, new UsageHistoryPage([.. entries.Take(size).Select(Row)], entries.Count > size), PortalJson.Wire.UsageHistoryPage);
    }

    [Function("ExportUsageHistory")]
    [ApiOperation("Portal usage", "The same as CSV, the newest 50,000", Query = "from? to? start? end?", Response = typeof(object), Portal = true)]
    public async Task<IActionResult> ExportUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        var filter = Filter(RequestFields.OfQuery(request));
        var csv = new Csv("From", "To", "Group", "Data", "File", "Time (UTC)");
        for (var offset = 0; offset < MaxExport; offset += 1_000)
        {
            var entries = await reader.ReadAsync(projectId, filter, offset, 1_000, cancellationToken);
            foreach (var row in entries.Select(Row))
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

    private static UsageHistoryRow Row(ChatLogEntry entry) =>
        new(entry.From, entry.To, entry.Group, entry.Data, "", DateTimeOffset.FromUnixTimeMilliseconds(entry.LoggedAt));

    private static ChatLogFilter Filter(RequestFields fields)
    {
        var filter = new ChatLogFilter(Optional(fields.Exact("from")), Optional(fields.Exact("to")), Time(fields, "start"), Time(fields, "end"));
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
