using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.ServerApi.Groups;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>Bans and mutes, for customers' servers.</summary>
public sealed class ModerationFunctions(ServerRequests requests, ModerationService moderation, GroupBanService groupBans)
{
    private const string Bans = "api/server/v1/moderation/bans";
    private const string Mutes = "api/server/v1/moderation/mutes";
    private const string GroupBans = ServerGroupFunctions.Base + "/{groupId}/bans";
    private const string Tag = "Server: moderation";

    private const string RequestExample = """{"userId":"mallory","until":"2030-12-31T09:00:00Z","reason":"Spam"}""";

    private const string Example = """
        {"userId":"mallory","until":"2030-12-31T09:00:00+00:00","reason":"Spam","at":"2026-11-30T09:00:00+00:00","by":"Backend"}
        """;

    [Function("BanUser")]
    [ServerOperation(Tag, "Ban a user from the project", ApiScopes.ModerationWrite, Request = typeof(ModerateRequest),
        Response = typeof(ModeratedUser), RequestExample = RequestExample, ResponseExample = Example,
        Description = "They cannot log in, their sessions end and their devices are cut off within seconds. They keep everything.")]
    public Task<IActionResult> BanUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Bans)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.ModerationWrite, ModerationJson.Wire.ModerateRequest, ModerationJson.Wire.ModeratedUser,
            (caller, body) => moderation.BanAsync(caller, body, cancellationToken), cancellationToken);

    [Function("ListBans")]
    [ServerOperation(Tag, "Who is banned from the project", ApiScopes.ModerationRead, Response = typeof(ModeratedPage),
        Query = "cursor? limit:integer?", Description = "limit is 1 to 100, default 50.",
        ResponseExample = """{"users":[""" + Example + "]}")]
    public Task<IActionResult> ListBans(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Bans)] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, ModerationStore.Ban, cancellationToken);

    [Function("LiftBan")]
    [ServerOperation(Tag, "End a ban from the project", ApiScopes.ModerationWrite,
        Description = "It is no error if the user is not banned.")]
    public async Task<IActionResult> LiftBan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Bans + "/{userId}")] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationWrite, cancellationToken);
        await moderation.LiftBanAsync(caller, RouteText.Decode(userId), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("MuteUser")]
    [ServerOperation(Tag, "Mute a user in the project", ApiScopes.ModerationWrite, Request = typeof(ModerateRequest),
        Response = typeof(ModeratedUser), RequestExample = RequestExample, ResponseExample = Example,
        Description = "They read and receive, and send nothing: 403 `muted`. It holds everywhere within half a minute.")]
    public Task<IActionResult> MuteUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Mutes)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.ModerationWrite, ModerationJson.Wire.ModerateRequest, ModerationJson.Wire.ModeratedUser,
            (caller, body) => moderation.MuteAsync(caller, body, cancellationToken), cancellationToken);

    [Function("ListMutes")]
    [ServerOperation(Tag, "Who is muted in the project", ApiScopes.ModerationRead, Response = typeof(ModeratedPage),
        Query = "cursor? limit:integer?", Description = "limit is 1 to 100, default 50.",
        ResponseExample = """{"users":[""" + Example + "]}")]
    public Task<IActionResult> ListMutes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Mutes)] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, ModerationStore.Mute, cancellationToken);

    [Function("LiftMute")]
    [ServerOperation(Tag, "End a mute", ApiScopes.ModerationWrite, Description = "It is no error if the user is not muted.")]
    public async Task<IActionResult> LiftMute(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Mutes + "/{userId}")] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationWrite, cancellationToken);
        await moderation.LiftMuteAsync(caller, RouteText.Decode(userId), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("BanFromGroup")]
    [ServerOperation(Tag, "Ban a user from a group", ApiScopes.ModerationWrite, Request = typeof(ModerateRequest),
        Response = typeof(ModeratedUser), RequestExample = RequestExample,
        ResponseExample = """{"userId":"mallory","until":"2030-12-31T09:00:00+00:00","reason":"Spam"}""",
        Description = "They are removed, and nobody can add them before it ends. Not in broadcast groups.")]
    public Task<IActionResult> BanFromGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = GroupBans)] HttpRequest request, string groupId,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.ModerationWrite, ModerationJson.Wire.ModerateRequest, ModerationJson.Wire.ModeratedUser,
            (caller, body) => groupBans.BanAsync(caller, groupId, body, cancellationToken), cancellationToken);

    [Function("ListGroupBans")]
    [ServerOperation(Tag, "Who is banned from a group", ApiScopes.ModerationRead, Response = typeof(ModeratedPage),
        ResponseExample = """{"users":[{"userId":"mallory","until":"2030-12-31T09:00:00+00:00","reason":"Spam"}]}""")]
    public async Task<IActionResult> ListGroupBans(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GroupBans)] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationRead, cancellationToken);
        return WireResults.Json(
            await groupBans.ListAsync(caller.Project, groupId, cancellationToken), ModerationJson.Wire.ModeratedPage);
    }

    [Function("LiftGroupBan")]
    [ServerOperation(Tag, "End a ban from a group", ApiScopes.ModerationWrite,
        Description = "The user can be added again. It is no error if they are not banned.")]
    public async Task<IActionResult> LiftGroupBan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = GroupBans + "/{userId}")] HttpRequest request, string groupId,
        string userId, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationWrite, cancellationToken);
        await groupBans.LiftAsync(caller, groupId, RouteText.Decode(userId), cancellationToken);
        return WireResults.NoContent;
    }

    private async Task<IActionResult> ListAsync(HttpRequest request, string kind, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await moderation.ListAsync(
            caller.Project, kind, fields["cursor"], fields.Number("limit", 1, ModerationService.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, ModerationJson.Wire.ModeratedPage);
    }
}
