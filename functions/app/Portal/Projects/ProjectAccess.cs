using System.Text.Json.Serialization;

namespace Vox.Portal.Projects;

[JsonConverter(typeof(JsonStringEnumConverter<ProjectRole>))]
public enum ProjectRole
{
    [JsonStringEnumMemberName("viewer")]
    Viewer = 1,

    [JsonStringEnumMemberName("admin")]
    Admin = 2,

    [JsonStringEnumMemberName("owner")]
    Owner = 3,
}

public enum ProjectAction
{
    /// <summary>Details, settings, dashboard, users, members, ledger.</summary>
    View,

    /// <summary>What the users wrote.</summary>
    ReadMessages,
    Rename,
    ChangeSettings,
    RotateToken,
    ManageUsers,
    ManagePushKeys,
    AddCredits,
    ManageMembers,
    ReadAudit,
    DeleteProject,
}

/// <summary>Who may do what in a project: the only place that decides it.</summary>
public static class ProjectAccess
{
    /// <param name="role">Null: no member.</param>
    public static bool Allows(ProjectRole? role, ProjectAction action) => role >= Needed(action);

    private static ProjectRole Needed(ProjectAction action) => action switch
    {
        ProjectAction.View or ProjectAction.ReadMessages => ProjectRole.Viewer,
        ProjectAction.Rename or ProjectAction.ChangeSettings or ProjectAction.RotateToken or ProjectAction.ManageUsers
            or ProjectAction.ManagePushKeys or ProjectAction.AddCredits => ProjectRole.Admin,
        _ => ProjectRole.Owner,
    };
}
