using Vox.Chat.Projects;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>A developer's access to a project, as checked for one request.</summary>
public sealed record ProjectCaller(PortalCaller Caller, Project Project, ProjectMember Member)
{
    public string Who => Caller.Developer.Email;
}
