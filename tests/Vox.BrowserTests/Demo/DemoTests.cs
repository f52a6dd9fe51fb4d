using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>The page that developers see first.</summary>
public sealed class DemoTests(Backends backends, DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task TwoPanes_Conversation_TicksTypingUnreadAndPresence()
    {
        var (page, alice, bob) = await demo.MeetAsync(await ProjectAsync());

        await alice.OpenAsync("bob");
        await Expect(alice.Root.Locator(".thread-head .is-online")).ToHaveTextAsync("Online");
        await alice.SendAsync("Hello Bob");
        await alice.SeesTicksAsync("Delivered");
        await Expect(bob.Rows.First.Locator(".badge")).ToHaveTextAsync("1");

        await bob.Rows.First.ClickAsync();
        await Expect(bob.Messages).ToHaveTextAsync([new System.Text.RegularExpressions.Regex("^Hello Bob")]);
        await alice.SeesTicksAsync("Read");
        await Expect(bob.Rows.First.Locator(".badge")).ToHaveCountAsync(0);

        await bob.Field.PressSequentiallyAsync("Hi");
        await Expect(alice.Root.Locator(".thread-head .typing-text")).ToBeVisibleAsync();
        await bob.SendAsync("Hi Alice");
        await Expect(alice.Messages.Last).ToContainTextAsync("Hi Alice");
        await Expect(alice.Root.Locator(".thread-head .typing-text")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task HtmlInText_IsShownAndNeverRuns()
    {
        var project = await ProjectAsync();
        var page = await demo.OpenAsync(project: project);
        var ran = false;
        page.Dialog += (_, dialog) =>
        {
            ran = true;
            _ = dialog.DismissAsync();
        };
        var (alice, bob) = (new DemoPane(page, 0), new DemoPane(page, 1));
        await alice.LogInAsync("alice");
        await bob.LogInAsync("bob");
        const string Attack = "<img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b>";

        await alice.OpenAsync("bob");
        await alice.SendAsync(Attack);
        await bob.Rows.First.ClickAsync();

        await Expect(bob.Messages.Last.Locator(".text")).ToHaveTextAsync(Attack);
        Assert.Equal(0, await page.Locator(".message img, .message script, .message b, .row img").CountAsync());
        Assert.False(ran);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Reload_StaysLoggedInAndShowsTheHistory()
    {
        var page = await demo.OpenAsync(width: 900, project: await ProjectAsync());
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.SendAsync("Before the reload");
        await alice.SeesTicksAsync("Sent");

        await page.ReloadAsync();

        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages.Last).ToContainTextAsync("Before the reload");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task History_ScrollingUp_LoadsOlderMessages()
    {
        var project = await ProjectAsync();
        var bob = new TestUser(project, "bob", "secret");
        for (var i = 1; i <= 95; i++)
        {
            await bob.SendChatAsync("alice", $"text {i}");
        }

        var page = await demo.OpenAsync(width: 900, project: project);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages.Last).ToContainTextAsync("text 95");

        for (var count = await alice.Messages.CountAsync(); count < 95; count = await alice.Messages.CountAsync())
        {
            // While a page is being loaded, no other page is requested. In both cases there are more messages afterwards.
            await alice.Root.Locator(".messages").EvaluateAsync(
                "e => { e.scrollTop = 1; e.scrollTop = 0; e.dispatchEvent(new Event('scroll')); }");
            await Expect(alice.Messages.Nth(count)).ToBeAttachedAsync();
        }

        await Expect(alice.Messages).ToHaveCountAsync(95);
        await Expect(alice.Messages.First).ToContainTextAsync("text 1");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Offline_BannerAndWaitingMessage_SentWhenBack()
    {
        var page = await demo.OpenAsync(width: 900, project: await ProjectAsync());
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await page.Context.SetOfflineAsync(true);
        demo.SignalR.DropAllConnections();

        await Expect(alice.Root.Locator(".banner")).ToBeVisibleAsync();
        await alice.SendAsync("Written offline");
        await alice.SeesTicksAsync("Sending");
        await page.Context.SetOfflineAsync(false);

        await alice.SeesTicksAsync("Sent");
        await Expect(alice.Root.Locator(".banner")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Profile_Contacts_AndBlocking()
    {
        var (page, alice, bob) = await demo.MeetAsync(await ProjectAsync());
        await alice.Root.GetByRole(AriaRole.Tab, new() { Name = "Contacts" }).ClickAsync();
        await alice.Root.Locator(".find input").FillAsync("bob");
        await alice.Root.Locator(".find input").PressAsync("Enter");
        await Expect(alice.Rows.First).ToContainTextAsync("bob");

        await bob.Root.GetByRole(AriaRole.Button, new() { Name = "Your account" }).ClickAsync();
        await bob.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Edit profile" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Bob Builder");
        await page.GetByLabel("Status", new() { Exact = true }).FillAsync("Can we fix it?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(alice.Rows.First).ToContainTextAsync("Bob Builder");
        await Expect(alice.Rows.First).ToContainTextAsync("Can we fix it?");

        await alice.Rows.First.ClickAsync();
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Conversation", Exact = true }).ClickAsync();
        await alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Block" }).ClickAsync();
        await Expect(alice.Field).ToBeDisabledAsync();
        await bob.OpenAsync("alice");
        await bob.SendAsync("Can you hear me?");
        await bob.SeesTicksAsync("Not sent");
        await Expect(bob.Root.Locator(".failure")).ToContainTextAsync("You cannot write to this user.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task WrongPasswordAndUnknownUser_AreExplained()
    {
        var page = await demo.OpenAsync(width: 900, project: await ProjectAsync());
        var alice = new DemoPane(page, 0);
        await alice.Root.GetByLabel("Password").FillAsync("wrong");
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await Expect(alice.Root.Locator(".form-error")).ToContainTextAsync("password");

        await alice.LogInAsync("alice");
        await alice.Root.Locator(".find input").FillAsync("nobody");
        await alice.Root.Locator(".find input").PressAsync("Enter");
        await Expect(alice.Root.Locator(".sidebar .form-error")).ToContainTextAsync("nobody");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Config_OnlyWhereThereIsADemo_AndWithoutTheProjectsToken()
    {
        using var http = new HttpClient { BaseAddress = demo.Address };

        var config = await http.GetFromJsonAsync<JsonElement>("/demo/config.json");
        using var none = await backends.App.Http.GetAsync("/demo/config.json");

        Assert.Equal(["projectId", "users"], config.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["alice", "bob"], config.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("username").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    /// <summary>Screenshots in light, dark and phone layout: set VOX_SCREENSHOTS to a folder. Nothing may overflow sideways.</summary>
    [Theory]
    [InlineData("light", 1_360, 850, ColorScheme.Light)]
    [InlineData("dark", 1_360, 850, ColorScheme.Dark)]
    [InlineData("phone", 390, 780, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 780, ColorScheme.Dark)]
    public async Task Looks(string name, int width, int height, ColorScheme scheme)
    {
        var project = await ProjectAsync();
        var (alice, bob) = (new TestUser(project, "alice", "secret"), new TestUser(project, "bob", "secret"));
        foreach (var (id, profile, status) in new[]
        {
            ("alice", "Alice Moreau", "On the train to Lyon"), ("bob", "Bob Tanaka", "In the workshop")
        })
        {
            var session = await new TestUser(project, id, "secret").LogInAsync();
            using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
            {
                Content = JsonContent.Create(new { displayName = profile, status })
            };
            (await session.SendAsync(put)).EnsureSuccessStatusCode();
        }

        foreach (var id in (string[])["carol", "dmitri", "Support"])
        {
            var other = await project.CreateUserAsync(id);
            await other.SendChatAsync("alice", id == "Support" ? "Your ticket 4711 is solved. Was it helpful?" : "See you tomorrow!");
            await other.SendChatAsync("bob", "Could you have a look at the second draft when you find the time?");
        }

        await bob.SendChatAsync("alice", "Did the samples arrive?");
        await alice.SendChatAsync("bob", "They did, this morning. The blue one is gorgeous.");
        await alice.SendChatAsync("bob", "I would take it for the cover, what do you think?");
        await bob.SendChatAsync(
            "alice",
            "Me too! Let me ask the printer how long the cloth binding takes. Last year it was three weeks, "
            + "and we do not have that long this time.");
        var phone = width < 700;

        var page = await demo.OpenAsync(width, height, project, scheme, phone);
        var left = new DemoPane(page, 0);
        await Expect(left.Root.Locator(".choice")).ToHaveCountAsync(2);
        await DemoFixture.ShotAsync(page, $"{name}-login");
        await left.LogInAsync("alice");
        await Expect(left.Rows).ToHaveCountAsync(4);
        await DemoFixture.ShotAsync(page, $"{name}-list");
        await left.Rows.Filter(new() { HasText = "Bob" }).ClickAsync();
        await Expect(left.Messages).ToHaveCountAsync(4);
        if (!phone)
        {
            var right = new DemoPane(page, 1);
            await right.LogInAsync("bob");
            await right.Rows.Filter(new() { HasText = "Alice" }).ClickAsync();
            await left.SendAsync("Perfect. Then I tell the others.");
            await left.SeesTicksAsync("Read");
            await right.Field.PressSequentiallyAsync("Great");
            await Expect(left.Root.Locator(".thread-head .typing-text")).ToBeVisibleAsync();
        }
        else
        {
            await left.SendAsync("Perfect. Then I tell the others.");
            await left.SeesTicksAsync("Sent");
        }

        await DemoFixture.ShotAsync(page, name);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.CloseAsync();
    }

    private Task<TestProject> ProjectAsync() => demo.CreateProjectAsync("alice", "bob");
}
