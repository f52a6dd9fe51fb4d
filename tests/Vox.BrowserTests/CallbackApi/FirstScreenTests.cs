using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>What is pending at the log-in comes when the app has its conversations.</summary>
public sealed class FirstScreenTests(Backends backends, Browser browser)
{
    private const string Note = "window.seen = []; CS.chat.onMessage((type, p) => seen.push(`${type} ${p.data}`));";

    [Theory]
    [InlineData("CS.contacts.getRecentContacts(20, 1, first); CS.chat.getPendingChat(() => {});")]
    [InlineData("CS.chat.getPendingChat(() => {}); CS.chat.getRecentContacts(20, 1, first);")]
    [InlineData("CS.contacts.getContacts(() => CS.contacts.getRecentContacts(20, 1, first));")]
    [InlineData("CS.contacts.getRecentContacts(20, 1, (_, r) => CS.contacts.isAppContacts(r.list.map(e => e.chat.src), first));")]
    public async Task LogIn_PendingMessages_ComeAfterTheAppsRecents(string calls)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        foreach (var name in (string[])["bob", "carol"])
        {
            await (await project.CreateUserAsync(name)).SendChatAsync("alice", $"from {name}");
        }

        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);
        // The app's own questions are slow, and synchronizing is not.
        var synchronized = new TaskCompletionSource();
        page.Page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/api/v1/sync", StringComparison.Ordinal) && response.Status == 200)
            {
                synchronized.TrySetResult();
            }
        };
        foreach (var path in (string[])["contacts", "users/lookup"])
        {
            await page.Page.RouteAsync($"**/api/v1/{path}", async route =>
            {
                await synchronized.Task;
                await route.ContinueAsync();
            });
        }

        await page.EvaluateAsync(
            $"() => {{ {Note} const first = () => seen.push('first screen'); "
            + $"CS.login('{alice.LoginId}', 'secret', () => {{ {calls} }}); }}");

        await page.WaitForAsync("seen.length >= 3");
        Assert.Equal("first screen", await page.EvaluateAsync<string>("seen[0]"));
        Assert.Equal(
            "NEW-MESSAGE from bob,NEW-MESSAGE from carol", await page.EvaluateAsync<string>("seen.slice(1).sort().join()"));
    }

    [Fact]
    public async Task LogIn_AppAsksForNothing_PendingMessagesComeAllTheSame()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await (await project.CreateUserAsync("bob")).SendChatAsync("alice", "Hello");

        await using var page = await browser.LogInAsync(alice);

        await page.WaitForEventAsync("NEW-MESSAGE");
    }

    [Fact]
    public async Task LogIn_Refused_TheNextOneIsServed()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await (await project.CreateUserAsync("bob")).SendChatAsync("alice", "Hello");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        Assert.Equal(401, (await page.CallAsync("login", alice.LoginId, "wrong")).Code);
        Assert.Equal(200, (await page.CallAsync("login", alice.LoginId, "secret")).Code);

        await page.WaitForEventAsync("NEW-MESSAGE");
    }
}
