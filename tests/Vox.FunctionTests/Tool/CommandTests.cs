using System.Net;
using System.Text.Json;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Tool;

public sealed class CommandTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Projects_CreateShowRotateInvite_DoWhatThePortalDoes()
    {
        await using var app = await portal.StartAsync(settings: "Mail:Folder=");
        using var owner = portal.NewClient(app);
        await SignInByLinkAsync(app, owner);
        var email = (await owner.LoadSessionAsync()).GetProperty("email").GetString()!;

        var keys = (await ToolRun.OfAsync(app, "projects", "create", "Shop", "--owner", email, "--json")).Json;
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("alice");
        Assert.Equal("owner", (await owner.GetAsync("projects/" + project.Id)).GetProperty("role").GetString());

        var rotated = (await ToolRun.OfAsync(app, "projects", "rotate-token", project.Id, "--overlap", "0", "--json")).Json;
        await Assert.ThrowsAnyAsync<Exception>(() => project.CreateUserAsync("refused"));
        await new TestProject(app, project.Id, rotated.GetProperty("authToken").GetString()!).CreateUserAsync("bob");

        using var guest = portal.NewClient(app);
        await SignInByLinkAsync(app, guest);
        var guestEmail = (await guest.LoadSessionAsync()).GetProperty("email").GetString()!;
        var invited = await ToolRun.OfAsync(app, "projects", "invite", project.Id, guestEmail, "--role", "viewer");
        Assert.Contains("No e-mail was sent", invited.Output, StringComparison.Ordinal);
        var token = Uri.UnescapeDataString(new Uri(invited.Output.Split('\n')[0].Trim()).Query.Split("token=")[1].Split('&')[0]);
        await guest.PostJsonAsync("invitations/accept", new { token });

        var shown = await ToolRun.OfAsync(app, "projects", "show", project.Id);
        Assert.Matches($@"{email} +Olga Operator +owner", shown.Output);
        Assert.Matches($@"{guestEmail} +Olga Operator +viewer", shown.Output);
        var again = await ToolRun.OfAsync(app, "projects", "invite", project.Id, guestEmail);
        Assert.Contains("is a member already: viewer", again.Output, StringComparison.Ordinal);
        var who = (await owner.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray()
            .Select(e => e.GetProperty("who").GetString() + " " + e.GetProperty("action").GetString()).ToList();
        Assert.Equal(
            ["member.invited", "project.created", "project.token_rotated"],
            who.Where(entry => entry.StartsWith("operator ", StringComparison.Ordinal)).Select(entry => entry[9..])
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lists_OfMoreThanAPage_GoOnWhereThePageBeforeEnded()
    {
        await using var app = await portal.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await app.CreateProjectAsync($"Project {i}");
        }

        var project = await app.CreateProjectAsync("With users");
        foreach (var name in (string[])["ann", "bob", "cat"])
        {
            await project.CreateUserAsync(name);
        }

        List<string> names = [];
        string[] more = [];
        do
        {
            var page = (await ToolRun.OfAsync(app, ["projects", "list", "--size", "2", "--json", .. more])).Json;
            names.AddRange(page.GetProperty("projects").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
            more = page.GetProperty("next").GetString() is { } next ? ["--after", next] : [];
        }
        while (more.Length > 0);
        Assert.Equal(
            ["Project 0", "Project 1", "Project 2", "Project 3", "Project 4", "With users"], names.Order(StringComparer.Ordinal));

        var users = await ToolRun.OfAsync(app, "users", "list", project.Id, "--size", "2");
        Assert.Matches(
            @"^USERNAME +CREATED \(UTC\) +DISABLED +ONLINE\s+ann .*\s+bob .*\s+There are more: --after bob, or --all\.", users.Output);
        foreach (var arguments in (string[][])[["--all"], ["--search", "CA"]])
        {
            var found = await ToolRun.OfAsync(app, ["users", "list", project.Id, .. arguments]);
            Assert.Contains("cat", found.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_OfAnAppThatWorks_SaysSo()
    {
        var run = await ToolRun.OfAsync(portal.App, "status");
        Assert.True(run.Exit == 0, run.Output + run.Error);
        Assert.Matches(@"storage +ok", run.Output);
    }

    [Fact]
    public async Task Tool_WrongCommandsKeysAndAddresses_EndsWithACodeAndASentence()
    {
        var address = portal.App.Address.ToString();
        await ExpectAsync(2, "vox --help", [], "projects", "delete");
        await ExpectAsync(2, "Which app?", [], "status");
        await ExpectAsync(2, "No key", new() { ["VOX_URL"] = address }, "projects", "list");
        await ExpectAsync(2, "there is no such file", new() { ["VOX_URL"] = address, ["VOX_KEY_FILE"] = "/none" }, "projects", "list");
        await ExpectAsync(1, "refuses the key", new() { ["VOX_URL"] = address, ["VOX_KEY"] = "wrong" }, "projects", "list");
        await ExpectAsync(3, "does not answer", new() { ["VOX_URL"] = "http://127.0.0.1:9", ["VOX_KEY"] = "k" }, "status");
        Dictionary<string, string> good = new() { ["VOX_URL"] = address, ["VOX_KEY"] = "local-master-key" };
        await ExpectAsync(1, "(project_not_found)", good, "projects", "show", "pid_none");
        await ExpectAsync(1, "(user_not_found)", good, "projects", "create", "Shop", "--owner", "nobody@example.com");
        var project = await portal.App.CreateProjectAsync();
        await ExpectAsync(1, "(invalid_field)", good, "projects", "rotate-token", project.Id, "--overlap", "200");

        static async Task ExpectAsync(int exit, string sentence, Dictionary<string, string> variables, params string[] arguments)
        {
            var run = await ToolRun.OfAsync(variables, null, arguments);
            Assert.True(
                run.Exit == exit && run.Error.Contains(sentence, StringComparison.Ordinal), $"{run.Exit}: {run.Error} {run.Output}");
        }
    }

    [Fact]
    public async Task Tool_KeyInAFile_IsUsed()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "local-master-key\n", TestContext.Current.CancellationToken);
        var run = await ToolRun.OfAsync(
            new Dictionary<string, string> { ["PUBLIC_URL"] = portal.App.Address.ToString(), ["VOX_KEY_FILE"] = file }, null,
            "projects", "list");
        File.Delete(file);

        Assert.True(run.Exit == 0, run.Error);
    }

    /// <summary>With the link that the tool prints.</summary>
    private static async Task SignInByLinkAsync(VoxApp app, PortalClient client)
    {
        var run = await ToolRun.OfAsync(app, "sign-in-link", PortalApp.NewEmail());
        Assert.True(run.Exit == 0, run.Error);
        var token = Uri.UnescapeDataString(new Uri(run.Output.Split('\n')[0].Trim()).Query["?token=".Length..]);
        await client.PostJsonAsync("sign-in-links/use", SignInLinkTests.Account(token));
    }
}
