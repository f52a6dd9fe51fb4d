using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Projects;

/// <summary>Tells a client, before anybody logs in, whether it has the right server and project.</summary>
public sealed class ProjectFunctions(ProjectService projects)
{
    [Function("CheckProject")]
    [ApiOperation("Sessions", "Whether there is such a project, and whether this page may use it", Response = typeof(ProjectView),
        Anonymous = true)]
    public async Task<IActionResult> CheckProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/projects/{projectId}")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        ProjectOrigins.Check(request, project);
        return WireResults.Json(new ProjectView(project.Id), ProjectJson.Wire.ProjectView);
    }
}
