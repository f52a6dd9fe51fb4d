using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Data;

/// <summary>Archives of users and erasures, for customers' servers.</summary>
public sealed class ServerDataFunctions(ServerRequests requests, ExportService exports, ErasureService erasures)
{
    private const string Exports = "api/server/v1/exports";
    private const string Erasures = "api/server/v1/erasures";
    private const string Tag = "Server: data protection";

    private const string Example = """
        {"id":"0179545337-dK7cYqT1x0","kind":"user","state":"running","subject":"alice","requestedAt":"2026-11-30T09:00:00+00:00",
        "requestedBy":"API key Backend","bytes":0,"entries":0,"missing":0}
        """;

    private const string Erasure = """
        {"id":"0179545337-dK7cYqT1x0","kind":"user","state":"running","subject":"alice","pseudonym":"erased-3QmV0aPz",
        "requestedAt":"2026-11-30T09:00:00+00:00","requestedBy":"API key Backend","nextAt":"2026-11-30T09:01:00+00:00","users":0,
        "conversations":0,"messages":0,"logRows":0,"files":0,"references":0}
        """;

    [Function("BeginServerExport")]
    [ServerOperation(Tag, "Export a user or the project", ApiScopes.ExportWrite, Request = typeof(ServerExportRequest),
        Response = typeof(ExportView), RequestExample = """{"userId":"alice"}""", ResponseExample = Example,
        Description = "The archive is written within minutes and kept for seven days.")]
    public Task<IActionResult> BeginServerExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Exports)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.ExportWrite, ServerDataJson.Wire.ServerExportRequest, ExportJson.Wire.ExportView,
            (caller, body) => exports.BeginAsync(caller.Project, body.UserId, Actor(caller), cancellationToken), cancellationToken);

    [Function("ListServerExports")]
    [ServerOperation(Tag, "Exports, newest first", ApiScopes.ExportRead, Response = typeof(ExportList),
        Description = "At most 200.", ResponseExample = """{"exports":[""" + Example + "]}")]
    public async Task<IActionResult> ListServerExports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Exports)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ExportRead, cancellationToken);
        return WireResults.Json(await exports.ListAsync(caller.Project.Id, cancellationToken), ExportJson.Wire.ExportList);
    }

    [Function("GetServerExport")]
    [ServerOperation(Tag, "An export and its state", ApiScopes.ExportRead, Response = typeof(ExportView), ResponseExample = Example)]
    public async Task<IActionResult> GetServerExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Exports + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ExportRead, cancellationToken);
        return WireResults.Json(await exports.GetAsync(caller.Project.Id, id, cancellationToken), ExportJson.Wire.ExportView);
    }

    [Function("GetServerExportLink")]
    [ServerOperation(Tag, "Where an archive can be downloaded, for a quarter of an hour", ApiScopes.ExportRead,
        Response = typeof(ExportLink), Description = "Each call is recorded. Whoever has the address can download the archive.",
        ResponseExample = """{"url":"https://…","expiresAt":"2026-11-30T09:15:00+00:00"}""")]
    public Task<IActionResult> GetServerExportLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Exports + "/{id}/link")] HttpRequest request, string id,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.ExportRead, ExportJson.Wire.ExportLink,
            caller => exports.LinkAsync(caller.Project.Id, id, Actor(caller), cancellationToken), cancellationToken);

    [Function("EraseServerUser")]
    [ServerOperation(Tag, "Erase a user", ApiScopes.UsersWrite, Request = typeof(ServerErasureRequest), Response = typeof(ErasureView),
        RequestExample = """{"userId":"alice"}""", ResponseExample = Erasure,
        Description = "The user is deleted, and everything that they wrote is erased everywhere. This cannot be undone.")]
    public Task<IActionResult> EraseServerUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Erasures)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.UsersWrite, ServerDataJson.Wire.ServerErasureRequest, ProtectionJson.Wire.ErasureView,
            (caller, body) => string.IsNullOrEmpty(body.UserId)
                ? throw new VoxException(Errors.MissingField, "userId is missing or blank.", "userId")
                : erasures.EraseAsync(
                    caller.Project, new ErasureRequest(body.UserId, Former: body.Former), Actor(caller), cancellationToken),
            cancellationToken);

    [Function("GetServerErasure")]
    [ServerOperation(Tag, "An erasure, and the proof of it when it is done", ApiScopes.UsersRead, Response = typeof(ErasureView),
        ResponseExample = Erasure)]
    public async Task<IActionResult> GetServerErasure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Erasures + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersRead, cancellationToken);
        return WireResults.Json(await erasures.GetAsync(caller.Project.Id, id, cancellationToken), ProtectionJson.Wire.ErasureView);
    }

    private static DataActor Actor(ServerCaller caller) =>
        new($"API key {caller.Key.Name} (…{caller.Key.LastFour})", caller.Address.Text);
}
