using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Platform.Http;
using Vox.Platform.Limits;

namespace Vox.Chat.Exports;

/// <summary>Archives of users and projects for the customer's server, and the timer that writes them.</summary>
public sealed class ExportFunctions(
    ProjectService projects, ExportService exports, ExportWork work, ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/data/exports";

    [Function("BeginExport")]
    [ProjectOperation("Data protection", "Export a user or, without a username, the project", Response = typeof(ExportView),
        Fields = "projectid authtoken username?")]
    public async Task<IActionResult> BeginExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(
            await exports.BeginAsync(project, fields["username", "user"], Actor(request), cancellationToken), ExportJson.Wire.ExportView);
    }

    [Function("ListExports")]
    [ProjectOperation("Data protection", "Exports of a project, newest first", Response = typeof(ExportList),
        Query = "projectid authtoken")]
    public async Task<IActionResult> ListExports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(await exports.ListAsync(project.Id, cancellationToken), ExportJson.Wire.ExportList);
    }

    [Function("GetExport")]
    [ProjectOperation("Data protection", "An export and its state", Response = typeof(ExportView), Query = "projectid authtoken")]
    public async Task<IActionResult> GetExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(await exports.GetAsync(project.Id, id, cancellationToken), ExportJson.Wire.ExportView);
    }

    [Function("GetExportLink")]
    [ProjectOperation("Data protection", "Where an archive can be downloaded, for a quarter of an hour", Response = typeof(ExportLink),
        Fields = "projectid authtoken")]
    public async Task<IActionResult> GetExportLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{id}/link")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(await exports.LinkAsync(project.Id, id, Actor(request), cancellationToken), ExportJson.Wire.ExportLink);
    }

    /// <summary>Every minute: writes archives, and deletes those whose time is over.</summary>
    [Function("WriteExports")]
    public Task WriteExports([TimerTrigger("20 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        work.RunAsync(cancellationToken);

    private async Task<(RequestFields Fields, Project Project)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        return (fields, await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken));
    }

    private DataActor Actor(HttpRequest request) => new(DataActor.Api, addresses.Of(request).Text);
}
