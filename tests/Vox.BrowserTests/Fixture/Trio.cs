using System.Text.Json;

namespace Vox.Tests.Fixture;

/// <summary>Alice, Bob and Carol, each in a browser of their own, logged in and connected.</summary>
public sealed class Trio(TestProject project, IReadOnlyDictionary<string, TestUser> users, ChatPage[] pages) : IAsyncDisposable
{
    private const string Listen = """
        window.group = [];
        CS.groupManagemt.onMessage(function (type, payload) { group.push({ type, payload, bound: this === CS.groupManagemt }); });
        """;

    public TestProject Project => project;

    public IReadOnlyDictionary<string, TestUser> Users => users;

    public ChatPage[] Pages => pages;

    public static async Task<Trio> MeetAsync(Backends backends, Browser browser)
    {
        var project = await backends.App.CreateProjectAsync();
        var users = new Dictionary<string, TestUser>();
        foreach (var name in new[] { "alice", "bob", "carol" })
        {
            users[name] = await project.CreateUserAsync(name);
        }

        var pages = await Task.WhenAll(users.Values.Select(user => browser.LogInAsync(user)));
        await Task.WhenAll(pages.Select(page => page.WaitUntilLiveAsync()));
        await Task.WhenAll(pages.Select(ListenAsync));
        return new Trio(project, users, pages);
    }

    public void Deconstruct(out ChatPage alice, out ChatPage bob, out ChatPage carol)
        => (alice, bob, carol) = (Pages[0], Pages[1], Pages[2]);

    /// <summary>Creates Alice's group. Returns its id when all members know of it.</summary>
    public async Task<string> CreateAsync(params string[] members)
    {
        var before = await GroupsAsync(Pages[0]);
        Assert.Equal(200, (await Pages[0].CallAsync("chat.createGroup", "Friends", "", null)).Code);
        var id = Assert.Single((await GroupsAsync(Pages[0])).Except(before));
        if (members.Length > 0)
        {
            Assert.Equal(200, (await Pages[0].CallAsync("chat.addUsersToGroup", id, members, members.Length)).Code);
            foreach (var member in members)
            {
                await HearsAsync(Pages[Users.Keys.ToList().IndexOf(member)], "USER-ADDED", $"p.groupID === '{id}'");
            }
        }

        return id;
    }

    /// <summary>Collects the group events from now on in <c>group</c>.</summary>
    public static Task ListenAsync(ChatPage page) => page.EvaluateAsync(Listen);

    /// <param name="condition">JavaScript over <c>p</c>, the payload.</param>
    public static Task HearsAsync(ChatPage page, string type, string condition = "true") =>
        page.WaitForAsync($"group.some(e => e.type === '{type}' && (p => {condition})(e.payload))");

    /// <summary>The types of the group events so far.</summary>
    public static async Task<List<string?>> HeardAsync(ChatPage page) =>
        [.. (await page.JsonAsync("group.map(e => e.type)")).EnumerateArray().Select(e => e.GetString())];

    public static async Task<List<string>> GroupsAsync(ChatPage page) =>
        [.. (await page.CallAsync("chat.pullMyGroupsList")).Resp.EnumerateArray().Select(id => id.GetString()!)];

    /// <summary>The group as a member's page sees it.</summary>
    public static async Task<JsonElement> DetailsAsync(ChatPage page, string id)
    {
        var details = await page.CallAsync("chat.pullMyGroupDetails", id);
        Assert.Equal(200, details.Code);
        return details.Resp;
    }

    /// <summary>Sends to a group. Returns the message's id when it is accepted.</summary>
    public static async Task<string> SendAsync(ChatPage page, string group, string text)
    {
        var answer = await page.CallAsync("chat.sendMessage", group, text, 1, true, ChatPage.Callback, false);
        Assert.Equal(200, answer.Code);
        return answer.Returned.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in Pages)
        {
            await page.DisposeAsync();
        }
    }
}
