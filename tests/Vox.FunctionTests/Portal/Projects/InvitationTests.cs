using System.Text.Json;

namespace Vox.Tests.Portal;

/// <summary>Invitations that somebody might use to come in after the doors were closed.</summary>
public sealed class InvitationTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly (int, string) Void = (410, "invalid_link");

    [Fact]
    public async Task RemoveMember_WhoWasInvitedTwice_NeitherLinkBringsThemBack()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        using var member = await portal.NewDeveloperAsync();
        var first = await InviteAsync(owner, project, member, "viewer");
        var second = await InviteAsync(owner, project, member, "owner", 2);
        using (var answer = await member.PostAsync("invitations/accept", new { token = first }))
        {
            if (!answer.IsSuccessStatusCode)
            {
                await AcceptAsync(member, second);
            }
        }

        await RemoveAsync(owner, project, member);

        Assert.Equal(Void, await RefusedAsync(member, first));
        Assert.Equal(Void, await RefusedAsync(member, second));
        Assert.Equal((404, "project_not_found"), await member.RefusedAsync(HttpMethod.Get, $"projects/{project}"));
    }

    [Fact]
    public async Task Invite_Member_IsRefusedWithAWordOnWhatToDo()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        using var member = await portal.NewDeveloperAsync();
        await AcceptAsync(member, await InviteAsync(owner, project, member, "viewer"));

        Assert.Equal(
            (400, "invalid_field"),
            await owner.RefusedAsync(HttpMethod.Post, $"projects/{project}/members", new { email = member.Email, role = "owner" }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accept_InviterRemovedOrNoOwnerAnyMore_IsRefused(bool removed)
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        using var second = await portal.NewDeveloperAsync();
        await AcceptAsync(second, await InviteAsync(owner, project, second, "owner"));
        using var friend = await portal.NewDeveloperAsync();
        var token = await InviteAsync(second, project, friend, "owner");
        if (removed)
        {
            await RemoveAsync(owner, project, second);
        }
        else
        {
            var id = (await second.LoadSessionAsync()).GetProperty("id").GetString();
            await owner.DoAsync(HttpMethod.Put, $"projects/{project}/members", new { developerId = id, role = "admin" });
        }

        Assert.Equal(Void, await RefusedAsync(friend, token));

        // An owner who sends it again vouches for it.
        var open = Assert.Single(await ListAsync(owner, project));
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members/invitations/resend", new { id = Text(open, "id") });
        await AcceptAsync(friend, PortalApp.TokenOf(await portal.MailAsync(friend.Email, "invites you", 2)));
    }

    [Fact]
    public async Task Invitations_AreListedSentAgainAndWithdrawn()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        using var invited = await portal.NewDeveloperAsync();
        Assert.Empty(await ListAsync(owner, project));
        var first = await InviteAsync(owner, project, invited, "admin");
        var open = Assert.Single(await ListAsync(owner, project));
        Assert.Equal(
            (invited.Email, "admin", owner.Email, false),
            (Text(open, "email"), Text(open, "role"), Text(open, "invitedBy"), open.GetProperty("expired").GetBoolean()));
        var id = Text(open, "id");

        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members/invitations/resend", new { id });
        var second = PortalApp.TokenOf(await portal.MailAsync(invited.Email, "invites you", 2));
        Assert.Equal(Void, await RefusedAsync(invited, first));
        await owner.DoAsync(HttpMethod.Delete, $"projects/{project}/members/invitations?id={id}");
        Assert.Equal(Void, await RefusedAsync(invited, second));
        Assert.Empty(await ListAsync(owner, project));
        Assert.Equal(
            (404, "not_found"), await owner.RefusedAsync(HttpMethod.Delete, $"projects/{project}/members/invitations?id={id}"));
        Assert.Equal(
            (404, "not_found"),
            await owner.RefusedAsync(HttpMethod.Post, $"projects/{project}/members/invitations/resend", new { id = "a/b" }));
    }

    [Fact]
    public async Task Invitation_ReadByItsLinkAndListedForTheInvited_TellsProjectInviterAndRole()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        var email = PortalApp.NewEmail();
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members", new { email, role = "admin" });
        var mail = await portal.MailAsync(email, "invites you");
        var token = PortalApp.TokenOf(mail);
        var to = System.Text.RegularExpressions.Regex.Match(
            mail.TextBody ?? "", "to=(?<to>[^&]+)&", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Groups["to"].Value;
        using var nobody = portal.NewClient();

        var read = await nobody.PostJsonAsync("invitations/read", new { token, to });
        Assert.Equal(
            (owner.Email, "admin", email, false),
            (Text(read, "invitedBy"), Text(read, "role"), Text(read, "email"), read.GetProperty("hasAccount").GetBoolean()));
        Assert.NotEmpty(Text(read, "project")!);
        foreach (var (wrongToken, wrongTo) in ((string?, string?)[])
            [(token, null), (token, "somebody"), (token + "x", to), ($"{project}.x", to), (null, to), ("a/b.c", "i|" + to)])
        {
            Assert.Equal(
                Void, await nobody.RefusedAsync(HttpMethod.Post, "invitations/read", new { token = wrongToken, to = wrongTo }));
        }

        // Whoever signs up finds it without the link.
        using var invited = await portal.NewDeveloperAsync(email: email);
        var open = Assert.Single((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
        Assert.Equal(project, Text(open, "projectId"));
        using var other = await portal.NewDeveloperAsync();
        Assert.Empty((await other.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
        Assert.Equal(Void, await other.RefusedAsync(HttpMethod.Post, "invitations/accept", new { projectId = project }));
        await invited.DoAsync(HttpMethod.Post, "invitations/accept", new { projectId = project });
        Assert.Equal("admin", Text(await invited.GetAsync($"projects/{project}"), "role"));
        Assert.Empty((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
        Assert.Equal(Void, await nobody.RefusedAsync(HttpMethod.Post, "invitations/read", new { token, to }));
    }

    [Fact]
    public async Task Invitation_WithdrawnOrOfARemovedOwner_IsListedNoMore()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(owner);
        using var invited = await portal.NewDeveloperAsync();
        using var second = await portal.NewDeveloperAsync();
        await AcceptAsync(second, await InviteAsync(owner, project, second, "owner"));
        await InviteAsync(second, project, invited, "viewer");
        Assert.Single((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());

        await RemoveAsync(owner, project, second);
        Assert.Empty((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
        Assert.Equal(Void, await invited.RefusedAsync(HttpMethod.Post, "invitations/accept", new { projectId = project }));
        var id = Text(Assert.Single(await ListAsync(owner, project)), "id");
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members/invitations/resend", new { id });
        Assert.Single((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
        await owner.DoAsync(HttpMethod.Delete, $"projects/{project}/members/invitations?id={id}");
        Assert.Empty((await invited.GetAsync("invitations")).GetProperty("invitations").EnumerateArray());
    }

    [Fact]
    public async Task Invitation_AfterAWeek_HasExpiredAndCanBeSentAgain()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var owner = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(owner);
        using var invited = await portal.NewDeveloperAsync(app);
        var token = await InviteAsync(owner, project, invited, "viewer");

        clock.Advance(TimeSpan.FromDays(7.1));
        await invited.SignInAsync();
        await owner.SignInAsync();
        Assert.Equal(Void, await RefusedAsync(invited, token));
        var open = Assert.Single(await ListAsync(owner, project));
        Assert.True(open.GetProperty("expired").GetBoolean());
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members/invitations/resend", new { id = Text(open, "id") });
        await AcceptAsync(invited, PortalApp.TokenOf(await portal.MailAsync(invited.Email, "invites you", 2)));
        Assert.Empty(await ListAsync(owner, project));
    }

    [Fact]
    public async Task CreateProject_InvitedToAsManyAsAllowed_OwnsNoneAndMayCreateOne()
    {
        await using var app = await portal.StartAsync(settings: "Portal:MaxProjects=2");
        using var owner = await portal.NewDeveloperAsync(app);
        using var other = await portal.NewDeveloperAsync(app);
        for (var i = 0; i < 2; i++)
        {
            var project = await AccessTests.NewProjectAsync(owner);
            await AcceptAsync(other, await InviteAsync(owner, project, other, "admin", i + 1));
        }

        Assert.Equal((409, "limit_reached"), await owner.RefusedAsync(HttpMethod.Post, "projects", new { name = "Third" }));
        await AccessTests.NewProjectAsync(other);
        await AccessTests.NewProjectAsync(other);
        Assert.Equal((409, "limit_reached"), await other.RefusedAsync(HttpMethod.Post, "projects", new { name = "Third" }));
    }

    private async Task<string> InviteAsync(PortalClient owner, string project, PortalClient invited, string role, int number = 1)
    {
        await owner.DoAsync(HttpMethod.Post, $"projects/{project}/members", new { email = invited.Email, role });
        return PortalApp.TokenOf(await portal.MailAsync(invited.Email, "invites you", number));
    }

    private static async Task<List<JsonElement>> ListAsync(PortalClient owner, string project) =>
        [.. (await owner.GetAsync($"projects/{project}/members/invitations")).GetProperty("invitations").EnumerateArray()];

    private static Task AcceptAsync(PortalClient client, string token) =>
        client.DoAsync(HttpMethod.Post, "invitations/accept", new { token });

    private static Task<(int Status, string Code)> RefusedAsync(PortalClient client, string token) =>
        client.RefusedAsync(HttpMethod.Post, "invitations/accept", new { token });

    private static async Task RemoveAsync(PortalClient owner, string project, PortalClient member)
    {
        var id = (await member.LoadSessionAsync()).GetProperty("id").GetString();
        await owner.DoAsync(HttpMethod.Delete, $"projects/{project}/members?developerId={id}");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
