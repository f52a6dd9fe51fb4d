using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Accounts;
using Vox.Portal.Http;

namespace Vox.Portal.Projects;

/// <summary>Who is invited to work on a project.</summary>
public sealed class InvitationFunctions(
    InvitationService invitations, PortalCallers callers, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/members";

    [Function("InviteMember")]
    [PortalOperation("Portal members", "Invite somebody by e-mail", Request = typeof(InviteRequest))]
    public async Task<IActionResult> InviteMember(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        var invitation = await body.ReadJsonAsync(request, PortalProjectJson.Wire.InviteRequest, cancellationToken);
        await invitations.InviteAsync(caller, invitation, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ListInvitations")]
    [PortalOperation("Portal members", "Open invitations, and those that expired in the last month", Response = typeof(InvitationList))]
    public async Task<IActionResult> ListInvitations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/invitations")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        return PortalResults.Json(
            request, await invitations.ListAsync(projectId, cancellationToken), PortalProjectJson.Wire.InvitationList);
    }

    [Function("ResendInvitation")]
    [PortalOperation("Portal members", "Send an invitation again; the link of the e-mail before is void",
        Request = typeof(InvitationRequest))]
    public async Task<IActionResult> ResendInvitation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/invitations/resend")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        var which = await body.ReadJsonAsync(request, PortalProjectJson.Wire.InvitationRequest, cancellationToken);
        await invitations.ResendAsync(caller, which.Id, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RevokeInvitation")]
    [PortalOperation("Portal members", "Withdraw an invitation", Query = "id")]
    public async Task<IActionResult> RevokeInvitation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/invitations")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        await invitations.RevokeAsync(caller, request.Query["id"], cancellationToken);
        return WireResults.NoContent;
    }

    [Function("AcceptInvitation")]
    [PortalOperation("Portal members", "Accept an invitation", Request = typeof(AcceptRequest), Response = typeof(AcceptedResponse))]
    public async Task<IActionResult> AcceptInvitation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/portal/v1/invitations/accept")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var which = await body.ReadJsonAsync(request, PortalProjectJson.Wire.AcceptRequest, cancellationToken);
        return PortalResults.Json(
            request, await invitations.AcceptAsync(caller, which, cancellationToken), PortalProjectJson.Wire.AcceptedResponse);
    }

    [Function("ReadInvitation")]
    [ApiOperation("Portal members", "What an invitation's link is for; it stays good", Request = typeof(ReadInvitationRequest),
        Response = typeof(InvitationDetails), Anonymous = true)]
    public async Task<IActionResult> ReadInvitation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/portal/v1/invitations/read")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PortalCallers.CheckSite(request);
        var link = await body.ReadJsonAsync(request, PortalProjectJson.Wire.ReadInvitationRequest, cancellationToken);
        return PortalResults.Json(
            request, await invitations.ReadAsync(link, cancellationToken), PortalProjectJson.Wire.InvitationDetails);
    }

    [Function("ListMyInvitations")]
    [PortalOperation("Portal members", "Open invitations to the caller", Response = typeof(MyInvitations))]
    public async Task<IActionResult> ListMyInvitations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/portal/v1/invitations")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return PortalResults.Json(
            request, await invitations.OfAsync(caller.Developer, cancellationToken), PortalProjectJson.Wire.MyInvitations);
    }
}
