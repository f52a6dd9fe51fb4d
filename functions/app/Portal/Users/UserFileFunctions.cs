using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>Many users at once: in from a file, and out to one.</summary>
public sealed class UserFileFunctions(ProjectCallers access, PortalProjectService service, UserImport import, UserStore store, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/users";

    [Function("ImportUsers")]
    [PortalOperation("Portal users", "Add up to 100 users of a file; tells which rows were refused and why", Request = typeof(ImportRequest),
        Response = typeof(ImportResponse))]
    public async Task<IActionResult> ImportUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/import")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var rows = await body.ReadJsonAsync(request, PortalUserJson.Wire.ImportRequest, cancellationToken);
        var done = await import.RunAsync(caller.Project, rows, cancellationToken);
        if (done.Created > 0)
        {
            await service.RecordAsync(
                caller, "users.imported", $"{done.Created} users, lines {rows.Rows!.Min(r => r?.Line)} to {rows.Rows!.Max(r => r?.Line)}", cancellationToken);
        }

        return PortalResults.Json(request, done, PortalUserJson.Wire.ImportResponse);
    }

    [Function("ExportUsers")]
    [PortalOperation("Portal users", "All users as CSV, sent as it is read", Query = "search?", Response = typeof(object))]
    public async Task<IActionResult> ExportUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + ".csv")] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var search = RequestFields.OfQuery(request).Exact("search") ?? "";
        // Read from after this function has ended, as long as the browser wants it.
        var rows = RowsAsync(projectId, search, CancellationToken.None).GetAsyncEnumerator(request.HttpContext.RequestAborted);
        // Here, where a failure still becomes a proper answer.
        var any = await rows.MoveNextAsync();
        return new CsvDownload("users.csv", ["Username", "Created (UTC)", "Status"], rows, any);
    }

    private async IAsyncEnumerable<string[]> RowsAsync(string projectId, string search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var user in store.ListAsync(projectId, null, search, 1_000, cancellationToken))
        {
            yield return
            [
                user.LoginId, user.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), user.DisabledAt is null ? "enabled" : "disabled",
            ];
        }
    }
}
