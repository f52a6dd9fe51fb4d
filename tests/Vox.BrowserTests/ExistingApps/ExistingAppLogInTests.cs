using System.Net.Http.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>The same app's start, its log-in and its logout.</summary>
public sealed class ExistingAppLogInTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Start_OtherScriptsBesideIt_NeitherNeededNorDisturbed()
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await ExistingApp.OpenAsync(browser, project);

        await page.WaitForAsync("app.steps.includes('initialized')");

        Assert.Equal("0.4.10.2", await page.EvaluateAsync<string>("app.version"));
        Assert.Equal(project.Id, await page.EvaluateAsync<string>("CS.appId"));
        Assert.Empty(await page.EvaluateAsync<string[]>("touched"));
        Assert.Equal(
            "[]", await page.EvaluateAsync<string>("JSON.stringify([...app.alerts, ...app.steps.filter(s => s === 'logged in')])"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task LogIn_WrongPassword_AlertAndTheNextAttemptWorks()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await using var page = await ExistingApp.OpenAsync(browser, project);
        await page.WaitForAsync("app.steps.includes('initialized')");

        await page.EvaluateAsync("app.logIn('alice', 'wrong')");
        await page.WaitForAsync("app.alerts.length === 1");
        await page.EvaluateAsync("app.logIn('alice', 'secret')");

        await page.WaitForAsync("app.codes.pending === 200");
        Assert.Equal("""["login 401 Unauthorized"]""", await page.EvaluateAsync<string>("JSON.stringify(app.alerts)"));
    }

    [Fact]
    public async Task LogIn_FirstScreen_RecentsNamesPresenceAndGroups()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("+49 30/1"));
        await project.CreateUserAsync("carol");
        await bob.SendChatAsync("alice", "from a number");
        var session = await bob.LogInAsync();
        await using var live = await session.ConnectAsync();
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = JsonContent.Create(new { displayName = "Bob" })
        };
        (await session.SendAsync(put)).EnsureSuccessStatusCode();
        var own = await alice.LogInAsync();
        await own.PostAsync("/api/v1/contacts", new { id = "carol" });
        var group = (await own.PostJsonAsync("/api/v1/groups", new { name = "Friends of the long name", members = new[] { "carol" } }))
            .GetProperty("id").GetString()!;
        await own.SendMessageAsync(group, "to the group");

        await using var page = await ExistingApp.LogInAsync(browser, alice);

        await page.WaitForAsync(
            $"Object.keys(app.recents).length === 2 && Object.keys(app.known).length === 2 "
            + $"&& app.groups['{group}'] && '+49 30/1' in app.presence && 'carol' in app.presence");
        var recents = await page.JsonAsync("app.recents");
        Assert.Equal(
            ("from a number", "CHAT"),
            (
                recents.GetProperty("+49 30/1").GetProperty("text").GetString(),
                recents.GetProperty("+49 30/1").GetProperty("type").GetString()));
        Assert.Equal(
            ("to the group", "GROUP-CHAT"),
            (recents.GetProperty(group).GetProperty("text").GetString(), recents.GetProperty(group).GetProperty("type").GetString()));
        Assert.Equal("""["carol"]""", await page.EvaluateAsync<string>("JSON.stringify(app.contacts)"));
        Assert.Equal(
            """{"+49 30/1":true,"carol":false}""",
            await page.EvaluateAsync<string>("JSON.stringify(app.presence, Object.keys(app.presence).sort())"));
        Assert.Equal(
            ("BOB", ""),
            (await page.EvaluateAsync<string>("app.known['+49 30/1'].name"), await page.EvaluateAsync<string>("app.known.carol.name")));
        var shown = await page.JsonAsync($"app.groups['{group}']");
        Assert.Equal(
            """{"name":"Friends of the long ","text":"","picture":"","members":["alice","carol"],"canAdd":true,"canDismiss":true}""",
            shown.GetRawText());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task SignUp_ProjectIsOpen_ActivateAndLogIn()
    {
        await using var open = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await open.CreateProjectAsync();
        await using var page = await ExistingApp.OpenAsync(browser, project);
        await page.WaitForAsync("app.steps.includes('initialized')");

        await page.EvaluateAsync("""
            () => CS.signup("carol", "secret", code => {
              app.codes.signup = code;
              CS.activate("carol", "1234", code => {
                app.codes.activate = code;
                app.logIn("carol", "secret");
              });
            })
            """);

        await page.WaitForAsync("app.codes.pending === 200");
        Assert.Equal("200,200", await page.EvaluateAsync<string>("[app.codes.signup, app.codes.activate].join()"));
        Assert.Equal("carol", (await new TestUser(project, "carol", "secret").LogInAsync()).LoginId);
    }

    [Fact]
    public async Task LogOut_AndReload_NobodyIsLoggedIn()
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await ExistingApp.LogInAsync(browser, await project.CreateUserAsync("alice"));
        // The user comes back, and the app logs in with what it has stored.
        await page.ReloadAsync();
        await page.WaitForAsync("app.steps.join() === 'initialized,logged in' || app.steps.join() === 'logged in,initialized'");
        await page.WaitForAsync("CS.connectionState === 1");

        await page.EvaluateAsync("() => { window.former = true; app.logOut(); }");

        await page.WaitForAsync("!window.former && window.app?.steps.includes('initialized')");
        Assert.Equal("", await page.EvaluateAsync<string>("app.me"));
        Assert.Null(await page.EvaluateAsync<string?>("CS.localUser"));
        await page.SessionEndedAsync(backends.App);
    }

    [Fact]
    public async Task LogOut_ConnectionIsGone_DoesNotThrow()
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await ExistingApp.LogInAsync(browser, await project.CreateUserAsync("alice"));
        await page.Page.Context.SetOfflineAsync(true);

        await page.EvaluateAsync("() => { CS.logout(); CS.logout(); }");

        Assert.Empty(page.Errors);
    }
}
