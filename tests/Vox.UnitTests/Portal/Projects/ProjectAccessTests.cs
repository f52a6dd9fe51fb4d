using Vox.Portal.Projects;

namespace Vox.Tests.Portal;

public sealed class ProjectAccessTests
{
    /// <summary>Written out, so that a new action does not get a role by chance.</summary>
    [Theory]
    [InlineData(ProjectAction.View, ProjectRole.Viewer)]
    [InlineData(ProjectAction.ReadMessages, ProjectRole.Viewer)]
    [InlineData(ProjectAction.Rename, ProjectRole.Admin)]
    [InlineData(ProjectAction.ChangeSettings, ProjectRole.Admin)]
    [InlineData(ProjectAction.RotateToken, ProjectRole.Admin)]
    [InlineData(ProjectAction.ManageUsers, ProjectRole.Admin)]
    [InlineData(ProjectAction.ManagePushKeys, ProjectRole.Admin)]
    [InlineData(ProjectAction.ManageApiKeys, ProjectRole.Admin)]
    [InlineData(ProjectAction.AddCredits, ProjectRole.Admin)]
    [InlineData(ProjectAction.ManageMembers, ProjectRole.Owner)]
    [InlineData(ProjectAction.ReadAudit, ProjectRole.Owner)]
    [InlineData(ProjectAction.ProtectData, ProjectRole.Owner)]
    [InlineData(ProjectAction.DeleteProject, ProjectRole.Owner)]
    public void Allows_FromTheLeastRoleOn(ProjectAction action, ProjectRole least)
    {
        Assert.False(ProjectAccess.Allows(null, action));
        Assert.All(Enum.GetValues<ProjectRole>(), role => Assert.Equal(role >= least, ProjectAccess.Allows(role, action)));
    }

    [Fact]
    public void Allows_EveryAction_IsInTheTable()
    {
        var listed = typeof(ProjectAccessTests).GetMethod(nameof(Allows_FromTheLeastRoleOn))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
            .Select(data => (ProjectAction)data.Data[0]!);

        Assert.Equal(Enum.GetValues<ProjectAction>(), listed.Order());
    }
}
