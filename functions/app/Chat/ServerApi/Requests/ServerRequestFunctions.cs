using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Requests;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Requests;

/// <summary>The requests of a project, for customers' servers.</summary>
public sealed class ServerRequestFunctions(ServerRequests requests, RequestLog log)
{
    [Function("ListApiRequests")]
    [ServerOperation("Server: webhooks", "The API requests of the last seven days", ApiScopes.WebhooksRead,
        Response = typeof(ApiRequestPage),
        Query = "api? caller? method? route? failed:boolean? error? cursor? limit:integer?",
        Description = "Newest first, some seconds old. Those of the server API and of users; which of them are kept, the project's setting "
            + "says (errors only, by default), and of many in a minute only some. api is server or client, caller an API key's id or a "
            + "login id, route a part of the route, failed true for a status from 400, error a code. limit is 1 to 100, default 50.",
        ResponseExample = """
        {"requests":[{"id":"8201238399999-k7Rk2m","at":"2026-11-30T09:00:00+00:00","api":"server","caller":"k7RkQm21","method":"POST",
        "route":"/api/server/v1/messages","status":404,"milliseconds":12,"requestId":"0f8f…","error":"recipient_not_found"}],
        "kept":"errors"}
        """)]
    public async Task<IActionResult> ListApiRequests(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = RequestMiddleware.ServerRoute)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await log.ListAsync(
            caller.Project,
            new RequestFilter(
                Text(fields, "api"), Text(fields, "caller"), Text(fields, "method"), Text(fields, "route"),
                Text(fields, "failed") is { } failed ? failed == "true" : null, Text(fields, "error")),
            Text(fields, "cursor"), fields.Number("limit", 1, RequestLog.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, RequestJson.Wire.ApiRequestPage);
    }

    private static string? Text(RequestFields fields, string name) => fields[name] is { Length: > 0 } text ? text : null;
}
