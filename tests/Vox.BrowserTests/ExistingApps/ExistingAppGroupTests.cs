using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>The same app's groups.</summary>
public sealed class ExistingAppGroupTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Group_FromItsCreationToItsEnd_EveryStepIsShown()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await couple.Project.CreateUserAsync("carol");

        await CallAsync(alice, "createGroup", "'Friends', '', null");
        await alice.EvaluateAsync("app.pullGroups()");
        await alice.WaitForAsync("Object.keys(app.groups).length === 1");
        var id = await alice.EvaluateAsync<string>("Object.keys(app.groups)[0]");
        await CallAsync(alice, "addUsersToGroup", $"'{id}', ['bob', 'carol'], 2");
        await CallAsync(alice, "addAdminsToGroup", $"'{id}', ['bob']");
        await ShowsAsync(alice, id, "members.join() === 'alice,bob,carol'");
        await ShowsAsync(bob, id, "canAdd && !g.canDismiss");
        await CallAsync(alice, "delAdminsToGroup", $"'{id}', 'bob'");
        await ShowsAsync(bob, id, "canAdd === false");
        await CallAsync(alice, "updateGroupInfo", $"'Best friends', '{id}', 'about us', ''");
        await ShowsAsync(bob, id, "name === 'Best friends' && g.text === 'about us'");
        await CallAsync(alice, "delUsersToGroupReq", $"'{id}', 'carol'");
        await ShowsAsync(alice, id, "members.join() === 'alice,bob'");

        // A user who has left or blocked the group asks for its details once more.
        await CallAsync(bob, "exitFromGroup", $"'{id}', 'bob'");
        Assert.NotEqual(200, await CodeAsync(bob, "pullMyGroupDetails", $"'{id}'"));
        await CallAsync(alice, "blockGroup", $"'{id}', 'alice'");
        await CodeAsync(alice, "pullMyGroupDetails", $"'{id}'");
        await CallAsync(alice, "deleteGroup", $"'{id}'");
        Assert.NotEqual(200, await CodeAsync(alice, "pullMyGroupDetails", $"'{id}'"));

        // Events make the app show an alert, but not for the user who has acted.
        await bob.WaitForAsync("app.alerts.length === 5");
        Assert.Equal(
            "group USER-ADDED,group USER-ASSIGNED-AS-ADMIN,group DISMISSED-AS-ADMIN-FROM-GROUP,group UPDATED-GROUP-INFO,group USER-DELETED",
            await bob.EvaluateAsync<string>("app.alerts.join()"));
        Assert.DoesNotContain("ADMIN", await alice.EvaluateAsync<string>("app.alerts.join()"));
        Assert.Empty(alice.Errors);
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task GroupMessages_OpenAndClosed_AreShownAndReadWithoutHarm()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await CallAsync(alice, "createGroup", "'Friends', '', null");
        await alice.EvaluateAsync("app.pullGroups()");
        await alice.WaitForAsync("Object.keys(app.groups).length === 1");
        var id = await alice.EvaluateAsync<string>("Object.keys(app.groups)[0]");
        await CallAsync(alice, "addUsersToGroup", $"'{id}', ['bob'], 1");
        await bob.EvaluateAsync("app.pullGroups()");
        await bob.WaitForAsync($"app.groups['{id}']");

        await alice.OpenChatAsync(id);
        var first = await alice.SendTextAsync("closed");
        await bob.WaitForAsync($"app.pending['{id}']?.length === 1");
        Assert.Equal("alice", await bob.EvaluateAsync<string>($"app.pending['{id}'][0].by"));
        await bob.OpenChatAsync(id);
        await alice.ShowsAsync(id, first, "READ");

        // The app sends no receipt for a group message of the open conversation.
        await bob.WaitForAsync($"document.querySelectorAll('#messages li').length === 1");
        var second = await alice.SendTextAsync("open");
        await bob.WaitForAsync(
            "[...document.querySelectorAll('#messages li')].some(li => li.className === 'theirs Text' && li.textContent === 'open')");
        await alice.ShowsAsync(id, second, "DELIVERED");
        var reply = await bob.SendTextAsync("reply");
        await bob.ShowsAsync(id, reply, "DELIVERED");
        Assert.Equal(("theirs Text", "mine Text"), (await ClassAsync(alice, reply), await ClassAsync(bob, reply)));
    }

    private static Task<string> ClassAsync(ChatPage page, string message)
        => page.EvaluateAsync<string>($"document.getElementById('{message}').className");

    private static async Task CallAsync(ChatPage page, string method, string arguments)
        => Assert.Equal(200, await CodeAsync(page, method, arguments));

    private static Task<int> CodeAsync(ChatPage page, string method, string arguments) =>
        page.EvaluateAsync<int>($"new Promise(resolve => CS.chat.{method}({arguments}, code => resolve(code)))");

    /// <summary>After each step apps ask for the details again.</summary>
    private static async Task ShowsAsync(ChatPage page, string id, string condition)
    {
        await page.EvaluateAsync($"CS.chat.pullMyGroupDetails('{id}', app.groupCame)");
        await page.WaitForAsync($"(g => g && g.{condition})(app.groups['{id}'])");
    }
}
