using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>Many users at once: from a file, and into one.</summary>
public sealed class UserFileFunctions(UserImport import, PortalUserService users, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/users";

    [Function("ImportUsers")]
    [PortalOperation("Portal users", "Add up to 100 users of a file; tells which rows were refused and why",
        Request = typeof(ImportRequest), Response = typeof(ImportResponse))]
    public async Task<IActionResult> ImportUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/import")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var rows = await body.ReadJsonAsync(request, PortalUserJson.Wire.ImportRequest, cancellationToken);
        return PortalResults.Json(request, await import.RunAsync(caller, rows, cancellationToken), PortalUserJson.Wire.ImportResponse);
    }

    [Function("ExportUsers")]
    [PortalOperation("Portal users", "All users as CSV, sent as it is read", Query = "search?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var search = RequestFields.OfQuery(request).Exact("search") ?? "";
        return await CsvDownload.StartAsync(
            request, "users.csv", ["Username", "Created (UTC)", "Status"], users.ExportAsync(projectId, search, CancellationToken.None));
    }
}
