using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Usage;

/// <summary>Usage and charges of a project per day.</summary>
public sealed class UsageFunctions(UsageService usage, ProjectCallers access)
{
    private const string Base = "api/portal/v1/projects/{projectId}/usage";

    [Function("GetUsage")]
    [PortalOperation("Portal usage", "Usage and charges per day, at most 366; default: this month", Query = "from:date? to:date?",
        Response = typeof(UsageResponse))]
    public async Task<IActionResult> GetUsage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(
            request, await usage.ReadAsync(projectId, Day(request, "from"), Day(request, "to"), cancellationToken),
            PortalUsageJson.Wire.UsageResponse);
    }

    [Function("ExportUsage")]
    [PortalOperation("Portal usage", "The same as CSV", Query = "from:date? to:date?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var (name, header, rows) = await usage.ExportAsync(projectId, Day(request, "from"), Day(request, "to"), cancellationToken);
        return await CsvDownload.StartAsync(request, name, header, rows.ToAsyncEnumerable());
    }

    private static DateOnly? Day(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is > 1970 and < 9000 => day,
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be a day such as 2026-01-31.", name),
    };
}
