namespace Vox.Portal.Projects;

/// <summary>Who may do what in a project. Nothing else decides it.</summary>
internal static class ProjectAccess
{
    /// <param name="role">Null: not a member.</param>
    public static bool Allows(ProjectRole? role, ProjectAction action) => role >= Needed(action);

    /// <summary>A role as people read it: <c>owner</c>.</summary>
    public static string Name(ProjectRole role) => role.ToString().ToLowerInvariant();

    private static ProjectRole Needed(ProjectAction action) => action switch
    {
        ProjectAction.View or ProjectAction.ReadMessages => ProjectRole.Viewer,
        ProjectAction.Rename or ProjectAction.ChangeSettings or ProjectAction.RotateToken or ProjectAction.ManageUsers
            or ProjectAction.ManagePushKeys or ProjectAction.ManageApiKeys or ProjectAction.AddCredits => ProjectRole.Admin,
        _ => ProjectRole.Owner,
    };
}
