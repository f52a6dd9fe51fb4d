using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Http;
using Vox.Portal.Projects;
using Vox.Portal.Users;

namespace Vox.Portal.Operators;

/// <summary>Projects for operators, who have the master key of the function app. The command-line tool <c>vox</c> calls these.</summary>
public sealed class OperatorFunctions(
    OperatorService operators, InvitationService invitations, PortalUserService users, ProjectService projects, RequestBody body)
{
    private const string Base = "api/operator/v1/projects";
    private const string One = Base + "/{projectId}";

    [Function("OperatorListProjects")]
    [ApiOperation("Operators", "All projects, in the order of their ids, with the master key", Query = "after? size:integer?",
        Response = typeof(OperatorProjectPage), Anonymous = true)]
    public async Task<IActionResult> OperatorListProjects(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken) =>
        PortalResults.Json(
            request, await operators.ListAsync(PortalResults.After(request), Size(request), cancellationToken),
            OperatorJson.Wire.OperatorProjectPage);

    [Function("OperatorCreateProject")]
    [ApiOperation("Operators", "Create a project; the auth token is shown here once; with the master key",
        Request = typeof(NewProjectRequest), Response = typeof(ProjectKeys), Anonymous = true)]
    public async Task<IActionResult> OperatorCreateProject(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var wanted = await body.ReadJsonAsync(request, OperatorJson.Wire.NewProjectRequest, cancellationToken);
        return PortalResults.Json(
            request, await operators.CreateAsync(wanted.Name, wanted.Email, cancellationToken), OperatorJson.Wire.ProjectKeys);
    }

    [Function("OperatorGetProject")]
    [ApiOperation("Operators", "A project and its members, with the master key", Response = typeof(OperatorProjectDetails),
        Anonymous = true)]
    public async Task<IActionResult> OperatorGetProject(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = One)] HttpRequest request, string projectId,
        CancellationToken cancellationToken) =>
        PortalResults.Json(
            request, await operators.ReadAsync(projectId, cancellationToken), OperatorJson.Wire.OperatorProjectDetails);

    [Function("OperatorRotateToken")]
    [ApiOperation("Operators", "Make a new auth token of a project, shown here once, with the master key",
        Request = typeof(RotateTokenRequest), Response = typeof(ProjectKeys), Anonymous = true)]
    public async Task<IActionResult> OperatorRotateToken(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = One + "/token")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var rotate = await body.ReadJsonAsync(request, OperatorJson.Wire.RotateTokenRequest, cancellationToken);
        return PortalResults.Json(
            request, await operators.RotateTokenAsync(projectId, rotate.OverlapHours, cancellationToken), OperatorJson.Wire.ProjectKeys);
    }

    [Function("OperatorInvite")]
    [ApiOperation("Operators", "Invite somebody to a project; answers the link; with the master key", Request = typeof(InviteRequest),
        Response = typeof(OperatorInvitation), Anonymous = true)]
    public async Task<IActionResult> OperatorInvite(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = One + "/members")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, OperatorJson.Wire.InviteRequest, cancellationToken);
        return PortalResults.Json(
            request, await invitations.InviteByOperatorAsync(project, wanted, cancellationToken), OperatorJson.Wire.OperatorInvitation);
    }

    [Function("OperatorListUsers")]
    [ApiOperation("Operators", "The users of a project, with the master key", Query = "search? after? size:integer?",
        Response = typeof(ProjectUserPage), Anonymous = true)]
    public async Task<IActionResult> OperatorListUsers(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = One + "/users")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        return PortalResults.Json(
            request,
            await users.ListAsync(
                project.Id, RequestFields.OfQuery(request).Exact("search") ?? "", PortalResults.After(request), Size(request),
                cancellationToken),
            PortalUserJson.Wire.ProjectUserPage);
    }

    private static int Size(HttpRequest request) => RequestFields.OfQuery(request).Number("size", 1, 200, 50);
}
