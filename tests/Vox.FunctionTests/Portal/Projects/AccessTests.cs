using System.Net;
using Vox.Portal.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class AccessTests(PortalApp portal) : IClassFixture<PortalApp>
{
    /// <summary>Every endpoint of a project, and the least role that may use it.</summary>
    private static readonly (HttpMethod Method, string Path, object? Body, ProjectRole Least)[] Endpoints =
    [
        (HttpMethod.Get, "", null, ProjectRole.Viewer),
        (HttpMethod.Put, "/name", new { name = "New name" }, ProjectRole.Admin),
        (HttpMethod.Put, "/settings", new { logEnabled = true }, ProjectRole.Admin),
        (HttpMethod.Post, "/token", new { overlapHours = 1 }, ProjectRole.Admin),
        (HttpMethod.Delete, "/token?id=none", null, ProjectRole.Admin),
        (HttpMethod.Get, "/audit", null, ProjectRole.Owner),
        (HttpMethod.Get, "/members", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/members", new { email = "somebody@example.com", role = "viewer" }, ProjectRole.Owner),
        (HttpMethod.Put, "/members", new { developerId = "nobody", role = "viewer" }, ProjectRole.Owner),
        (HttpMethod.Delete, "/members?developerId=nobody", null, ProjectRole.Owner),
        (HttpMethod.Get, "/members/invitations", null, ProjectRole.Owner),
        (HttpMethod.Post, "/members/invitations/resend", new { id = "nobody" }, ProjectRole.Owner),
        (HttpMethod.Delete, "/members/invitations?id=nobody", null, ProjectRole.Owner),
        (HttpMethod.Get, "/users", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/users", new { username = "u", password = "secret word" }, ProjectRole.Admin),
        (HttpMethod.Put, "/users/password", new { username = "u", password = "secret word 2" }, ProjectRole.Admin),
        (HttpMethod.Put, "/users/status", new { username = "u", disabled = true }, ProjectRole.Admin),
        (HttpMethod.Get, "/users/details?username=u", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/users/logout", new { username = "u" }, ProjectRole.Admin),
        (HttpMethod.Post, "/users/many", new { action = "enable", usernames = new[] { "u" } }, ProjectRole.Admin),
        (HttpMethod.Delete, "/users?username=u", null, ProjectRole.Admin),
        (
            HttpMethod.Post,
            "/users/import",
            new { rows = new[] { new { line = 1, username = "v", password = "secret word" } } },
            ProjectRole.Admin),
        (HttpMethod.Get, "/users.csv", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/flags", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/flags/none", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/flags/none/decision", new { action = "keep" }, ProjectRole.Admin),
        (HttpMethod.Get, "/words", null, ProjectRole.Viewer),
        (HttpMethod.Put, "/words", new { block = new[] { "badword" } }, ProjectRole.Admin),
        (HttpMethod.Post, "/words/try", new { text = "x" }, ProjectRole.Viewer),
        (HttpMethod.Get, "/history", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/history.csv", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/history/none/1/versions", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/pricing.xlsx", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/credits", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/usage", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/usage.csv", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/payments", new { amount = 50, agreed = true, key = "k" }, ProjectRole.Admin),
        (HttpMethod.Get, "/payments/none", null, ProjectRole.Admin),
        (HttpMethod.Post, "/payments/none/sandbox", new { paid = true }, ProjectRole.Admin),
        (HttpMethod.Get, "/pricing", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/invoices", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/invoices/1", null, ProjectRole.Viewer),
        (HttpMethod.Get, "/push", null, ProjectRole.Viewer),
        (HttpMethod.Put, "/push/ios", new { file = "" }, ProjectRole.Admin),
        (HttpMethod.Put, "/push/android", new { serverKey = "" }, ProjectRole.Admin),
        (HttpMethod.Delete, "/push/ios", null, ProjectRole.Admin),
        (HttpMethod.Delete, "/push/android", null, ProjectRole.Admin),
        (HttpMethod.Get, "/push/state", null, ProjectRole.Viewer),
        (HttpMethod.Put, "/push/content", new { content = "full" }, ProjectRole.Admin),
        (HttpMethod.Get, "/push/devices?username=u", null, ProjectRole.Viewer),
        (HttpMethod.Post, "/push/test", new { username = "u" }, ProjectRole.Admin),
        (HttpMethod.Get, "/data/erasures", null, ProjectRole.Owner),
        (HttpMethod.Post, "/data/erasures", new { username = "nobody" }, ProjectRole.Owner),
        (HttpMethod.Get, "/data/exports", null, ProjectRole.Owner),
        (HttpMethod.Post, "/data/exports", new { username = "nobody" }, ProjectRole.Owner),
        (HttpMethod.Post, "/data/exports/none/link", new { }, ProjectRole.Owner),
        (HttpMethod.Get, "/data/holds", null, ProjectRole.Owner),
        (HttpMethod.Post, "/data/holds", new { username = "nobody", reason = "none" }, ProjectRole.Owner),
        (HttpMethod.Delete, "/data/holds?id=none", null, ProjectRole.Owner),
        (HttpMethod.Get, "/data/retention", null, ProjectRole.Owner),
        (HttpMethod.Put, "/data/retention", new { logDays = 30 }, ProjectRole.Owner),
        (HttpMethod.Post, "/delete", new { confirmation = "not the name" }, ProjectRole.Owner),
    ];

    [Fact]
    public async Task EveryEndpoint_ByRole_AllowsExactlyWhoMay()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(owner);
        using var viewer = await JoinAsync(owner, project, "viewer");
        using var admin = await JoinAsync(owner, project, "admin");
        using var coOwner = await JoinAsync(owner, project, "owner");
        using var stranger = await portal.NewDeveloperAsync();
        await NewProjectAsync(stranger);
        using var nobody = portal.NewClient();
        foreach (var (method, path, body, least) in Endpoints)
        {
            foreach (var (client, role) in ((PortalClient, ProjectRole?)[])[
                (nobody, null), (stranger, null), (viewer, ProjectRole.Viewer), (admin, ProjectRole.Admin), (coOwner, ProjectRole.Owner)])
            {
                using var response = await client.SendAsync(method, $"projects/{project}{path}", body);
                var text = await response.Content.ReadAsStringAsync();
                var what =
                    $"{method} {path} as {role?.ToString() ?? (client == nobody ? "nobody" : "stranger")}: "
                        + $"{(int)response.StatusCode} {text}";
                if (client == nobody)
                {
                    Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, what);
                }
                else if (role is null)
                {
                    Assert.True(
                        response.StatusCode == HttpStatusCode.NotFound && text.Contains("project_not_found", StringComparison.Ordinal),
                        what);
                }
                else if (role < least)
                {
                    Assert.True(
                        response.StatusCode == HttpStatusCode.Forbidden && text.Contains("not_allowed", StringComparison.Ordinal), what);
                }
                else
                {
                    // Access was granted. Some bodies here are refused because of their content.
                    Assert.True(response.StatusCode != HttpStatusCode.Forbidden && response.StatusCode != HttpStatusCode.Unauthorized
                        && !text.Contains("project_not_found", StringComparison.Ordinal), what);
                }
            }
        }
    }

    [Fact]
    public void Access_Table_IsAsWritten()
    {
        ProjectAction[] viewer = [ProjectAction.View, ProjectAction.ReadMessages];
        ProjectAction[] admin =
        [
            .. viewer, ProjectAction.Rename, ProjectAction.ChangeSettings, ProjectAction.RotateToken, ProjectAction.ManageUsers,
            ProjectAction.ManagePushKeys, ProjectAction.ManageApiKeys, ProjectAction.AddCredits,
        ];
        foreach (var action in Enum.GetValues<ProjectAction>())
        {
            Assert.False(ProjectAccess.Allows(null, action));
            Assert.Equal(viewer.Contains(action), ProjectAccess.Allows(ProjectRole.Viewer, action));
            Assert.Equal(admin.Contains(action), ProjectAccess.Allows(ProjectRole.Admin, action));
            Assert.True(ProjectAccess.Allows(ProjectRole.Owner, action));
        }
    }

    [Fact]
    public async Task Invitation_OpenedByAnotherAccount_IsRefusedAndStaysGoodForTheInvited()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(owner);
        using var invited = await portal.NewDeveloperAsync();
        using var other = await portal.NewDeveloperAsync();
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members", new { email = invited.Email, role = "admin" });
        var token = PortalApp.TokenOf(await portal.MailAsync(invited.Email, "invites you"));

        Assert.Equal((410, "invalid_link"), await other.RefusedAsync(HttpMethod.Post, "invitations/accept", new { token }));
        await invited.DoAsync(HttpMethod.Post, "invitations/accept", new { token });
        Assert.Equal((410, "invalid_link"), await invited.RefusedAsync(HttpMethod.Post, "invitations/accept", new { token }));
    }

    [Fact]
    public async Task RemoveMember_LastOwner_IsRefused()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(owner);
        var me = (await owner.LoadSessionAsync()).GetProperty("id").GetString();

        Assert.Equal((409, "limit_reached"), await owner.RefusedAsync(HttpMethod.Delete, $"projects/{project}/members?developerId={me}"));
    }

    [Fact]
    public async Task RemoveMember_TwoOwnersRemoveEachOtherAtOnce_OneStays()
    {
        using var one = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(one);
        using var two = await JoinAsync(one, project, "owner");
        var first = (await one.LoadSessionAsync()).GetProperty("id").GetString();
        var second = (await two.LoadSessionAsync()).GetProperty("id").GetString();

        await Task.WhenAll(
            one.SendAsync(HttpMethod.Delete, $"projects/{project}/members?developerId={second}"),
            two.SendAsync(HttpMethod.Delete, $"projects/{project}/members?developerId={first}"));

        var members = await portal.App.Get<MemberStore>().ListAsync(project, CancellationToken.None);
        Assert.Contains(members, member => member.Role == ProjectRole.Owner);
    }

    internal static async Task<string> NewProjectAsync(PortalClient client, string name = "Shop") =>
        (await client.PostJsonAsync("projects", new { name })).GetProperty("projectId").GetString()!;

    private async Task<PortalClient> JoinAsync(PortalClient owner, string project, string role)
    {
        var client = await portal.NewDeveloperAsync();
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members", new { email = client.Email, role });
        await client.DoAsync(
            HttpMethod.Post, "invitations/accept", new { token = PortalApp.TokenOf(await portal.MailAsync(client.Email, "invites you")) });
        return client;
    }
}
