using Microsoft.AspNetCore.Http;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>Finds out who calls, and whether they may do something in a project.</summary>
public sealed class ProjectCallers(PortalCallers callers, ProjectService projects, MemberStore members)
{
    /// <exception cref="VoxException">
    /// not_signed_in, csrf_rejected, project_not_found (also for other people's projects), not_allowed
    /// </exception>
    public async Task<ProjectCaller> ReadAsync(
        HttpRequest request, string projectId, ProjectAction action, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var project = await projects.FindAsync(projectId, cancellationToken);
        var member = project is null ? null : await members.FindAsync(project.Id, caller.Developer.Id, cancellationToken);
        if (project is null || member is null)
        {
            throw new VoxException(Errors.ProjectNotFound, "There is no such project, or you are not one of its members.", "projectId");
        }

        return ProjectAccess.Allows(member.Role, action)
            ? new ProjectCaller(caller, project, member)
            : throw new VoxException(
                Errors.NotAllowed, $"As {ProjectAccess.Name(member.Role)} of this project you may not do that: ask an owner.");
    }
}
