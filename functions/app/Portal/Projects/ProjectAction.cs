namespace Vox.Portal.Projects;

public enum ProjectAction
{
    /// <summary>Details, settings, dashboard, users, members and ledger.</summary>
    View,

    /// <summary>What the users wrote.</summary>
    ReadMessages,
    Rename,
    ChangeSettings,
    RotateToken,
    ManageUsers,
    ManagePushKeys,
    ManageApiKeys,
    AddCredits,
    ManageMembers,
    ReadAudit,

    /// <summary>Erasures, exports, legal holds.</summary>
    ProtectData,
    DeleteProject,
}
