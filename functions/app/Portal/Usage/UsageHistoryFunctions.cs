using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Usage;

/// <summary>The project's log in the portal (guide 3.12 f): the same messages that the REST history shows.</summary>
public sealed class UsageHistoryFunctions(UsageHistoryService history, ProjectCallers access)
{
    private const string Base = "api/portal/v1/projects/{projectId}/history";

    [Function("GetUsageHistory")]
    [PortalOperation("Portal usage", "Messages of a project, newest first",
        Query = "from? to? group? start:date-time? end:date-time? page:integer? size:integer?", Response = typeof(UsageHistoryPage))]
    public async Task<IActionResult> GetUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var size = fields.Number("size", 1, 200, 50);
        var page = fields.Number("page", 1, 10_000_000, 1);
        return PortalResults.Json(
            request, await history.ReadAsync(caller, Query(fields), page, size, cancellationToken),
            PortalUsageJson.Wire.UsageHistoryPage);
    }

    [Function("ExportUsageHistory")]
    [PortalOperation("Portal usage", "The same as CSV, the newest 50,000, sent as it is read",
        Query = "from? to? group? start:date-time? end:date-time?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsageHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        return await CsvDownload.StartAsync(
            request, "usage-history.csv", ["From", "To", "Group", "Data", "File", "Time (UTC)", "Change"],
            history.ExportAsync(caller, Query(RequestFields.OfQuery(request)), CancellationToken.None));
    }

    [Function("GetEarlierTexts")]
    [PortalOperation("Portal usage", "The texts that a message had before it was edited, oldest first", Response = typeof(EarlierTexts))]
    public async Task<IActionResult> GetEarlierTexts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{conversation}/{sequence}/versions")] HttpRequest request,
        string projectId, string conversation, string sequence, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        return PortalResults.Json(
            request, await history.ReadEarlierAsync(caller, conversation, sequence, cancellationToken),
            PortalUsageJson.Wire.EarlierTexts);
    }

    private static UsageHistoryQuery Query(RequestFields fields) => new(
        Optional(fields.Exact("from")), Optional(fields.Exact("to")), Optional(fields.Exact("group")), Time(fields, "start"),
        Time(fields, "end"));

    private static string? Optional(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long? Time(RequestFields fields, string name) => fields[name] switch
    {
        null or "" => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year is >= 1970 and < 9999 => time.ToUnixTimeMilliseconds(),
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be a time such as 2026-01-31T23:59:59Z.", name),
    };
}
