using System.Text.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>Groups on the demo page.</summary>
public sealed class DemoGroupTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Group_CreatedWithMembers_RolesReadByAndLeaving()
    {
        var project = await ProjectAsync();
        var carol = await new TestUser(project, "carol", "secret").LogInAsync();
        var (page, alice, bob) = await demo.MeetAsync(project);

        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "New group" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Book club");
        await page.GetByLabel("Members", new() { Exact = true }).FillAsync("bob, nobody");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create group" }).ClickAsync();
        await Expect(alice.Root.Locator("dialog .form-error")).ToContainTextAsync("nobody");
        await page.GetByLabel("Members", new() { Exact = true }).FillAsync("bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create group" }).ClickAsync();
        await Expect(alice.Root.Locator(".thread-head h2")).ToHaveTextAsync("Book club");
        await Expect(alice.Field).ToBeFocusedAsync();
        await Expect(bob.Rows.First).ToContainTextAsync("Book club");

        // Members and roles.
        await alice.OpenGroupInfoAsync();
        await alice.Root.GetByLabel("Add members", new() { Exact = true }).FillAsync("carol");
        await alice.Root.GetByLabel("Add members", new() { Exact = true }).PressAsync("Enter");
        await Expect(alice.Root.Locator(".member")).ToHaveCountAsync(3);
        await alice.OfMemberAsync("bob", "Make admin");
        await Expect(alice.Root.Locator(".member[data-member=bob]")).ToContainTextAsync("Admin");
        await Expect(alice.Root.Locator(".member[data-member=alice]")).ToContainTextAsync("Owner");
        await alice.CloseDialogAsync();

        // The list of readers changes while it is shown.
        await alice.SendAsync("Chapter one until Friday");
        await Expect(alice.Messages.Last.Locator(".read-by")).ToHaveTextAsync("Read by 0 of 2");
        await bob.Rows.First.ClickAsync();
        await Expect(bob.Messages.Last.Locator(".author")).ToHaveTextAsync("alice");
        await Expect(alice.Messages.Last.Locator(".read-by")).ToHaveTextAsync("Read by 1 of 2");
        await alice.Messages.Last.Locator(".read-by").ClickAsync();
        await Expect(alice.Root.Locator(".member[data-member=carol]")).ToContainTextAsync("Not yet");
        var conversation = await GroupIdAsync(carol);
        await carol.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, read = 1 } } });
        await Expect(alice.Root.Locator(".member[data-member=carol]")).ToContainTextAsync("Read");
        await Expect(alice.Root.Locator("dialog h2")).ToHaveTextAsync("Read by 2 of 2");
        await alice.CloseDialogAsync();
        await alice.SeesTicksAsync("Read");

        // A removed member keeps what they saw and cannot write.
        await alice.OpenGroupInfoAsync();
        await alice.OfMemberAsync("bob", "Remove from group");
        await Expect(alice.Root.Locator(".member")).ToHaveCountAsync(2);
        await Expect(bob.Field).ToBeDisabledAsync();
        await Expect(bob.Messages.Last).ToContainTextAsync("Chapter one");
        await alice.EndAsync("Delete group");
        await Expect(alice.Rows).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task GroupInfo_OthersChangeTheGroupMeanwhile_ShowsItAndKeepsWhatIsBeingTyped()
    {
        var project = await ProjectAsync();
        var (alice, carol) = (
            await new TestUser(project, "alice", "secret").LogInAsync(), await new TestUser(project, "carol", "secret").LogInAsync());
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Friends", members = new[] { "bob", "carol" } }))
            .GetProperty("id").GetString();
        using var admins = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/groups/{group}/admins")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { ids = new[] { "carol" } })
        };
        using var promoted = await alice.SendAsync(admins);
        await project.CreateUserAsync("dave");
        var page = await demo.OpenAsync(width: 900, project: project);
        var pane = new DemoPane(page, 0);
        await pane.LogInAsync("alice");

        // The first request for the group takes some time. What is typed meanwhile stays, and so does the field.
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await pane.Rows.First.ClickAsync();
        await Expect(pane.Root.Locator(".thread-head .who span")).ToContainTextAsync("carol");
        await page.RouteAsync($"**/api/v1/groups/{group}", async route =>
        {
            asked.TrySetResult();
            await answer.Task;
            await route.ContinueAsync();
        });
        await pane.OpenGroupInfoAsync();
        await asked.Task;
        await pane.Root.GetByLabel("Name", new() { Exact = true }).FillAsync("Best friends");
        await pane.Root.GetByLabel("Add members", new() { Exact = true }).FillAsync("dav");
        answer.SetResult();
        using var removed = await carol.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/groups/{group}/members?id=bob"));
        await Expect(pane.Root.Locator(".member")).ToHaveCountAsync(2);
        await page.Keyboard.TypeAsync("e");
        await page.Keyboard.PressAsync("Enter");

        await Expect(pane.Root.Locator(".member")).ToHaveCountAsync(3);
        await Expect(pane.Root.Locator(".member[data-member=dave]")).ToBeVisibleAsync();
        await Expect(pane.Root.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Best friends");
        await Expect(pane.Root.GetByLabel("Add members", new() { Exact = true })).ToHaveValueAsync("");
        await pane.Root.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(pane.Root.Locator(".thread-head h2")).ToHaveTextAsync("Best friends");

        // There is nothing to show of a group that was deleted.
        using var transferred = await alice.PostAsync($"/api/v1/groups/{group}/leave");
        await Expect(pane.Root.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(pane.Field).ToBeDisabledAsync();
        await Expect(pane.Root.Locator(".thread-head .who span")).ToHaveTextAsync("You are not in this group any more");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Picture_ChosenForAGroup_IsSeenByItsMembers()
    {
        var (page, alice, bob) = await demo.MeetAsync(await ProjectAsync());
        var picture = new FilePayload { Name = "us.png", MimeType = "image/png", Buffer = await PictureAsync(page) };

        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "New group" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Painters");
        await page.GetByLabel("Members", new() { Exact = true }).FillAsync("bob");
        await page.GetByLabel("Picture", new() { Exact = true }).SetInputFilesAsync(picture);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create group" }).ClickAsync();

        var seen = bob.Rows.First.Locator(".avatar img");
        await Expect(seen).ToHaveJSPropertyAsync("naturalWidth", 200);
        await Expect(seen).ToHaveJSPropertyAsync("naturalHeight", 200);
        var first = await seen.GetAttributeAsync("src");
        await alice.OpenGroupInfoAsync();
        await page.GetByLabel("Picture", new() { Exact = true }).SetInputFilesAsync(picture);
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(seen).Not.ToHaveAttributeAsync("src", first!);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task BlockAndLeave_OneselfOnly_AndTheListSaysSoAfterAReload()
    {
        var project = await ProjectAsync();
        var bob = await new TestUser(project, "bob", "secret").LogInAsync();
        var one = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Cooks", members = new[] { "alice" } }))
            .GetProperty("id").GetString()!;
        var two = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Bakers", members = new[] { "alice" } }))
            .GetProperty("id").GetString()!;
        await bob.SendMessageAsync(one, "soup");
        await bob.SendMessageAsync(two, "bread");
        var page = await demo.OpenAsync(width: 900, project: project);
        var pane = new DemoPane(page, 0);
        await pane.LogInAsync("alice");
        await Expect(pane.Rows).ToHaveCountAsync(2);

        await pane.Rows.Filter(new() { HasText = "Cooks" }).ClickAsync();
        await pane.OpenGroupInfoAsync();
        await pane.EndAsync("Block group");
        await Expect(pane.Rows).ToHaveCountAsync(1);
        await pane.Rows.Filter(new() { HasText = "Bakers" }).ClickAsync();
        await pane.OpenGroupInfoAsync();
        await pane.EndAsync("Leave group");
        await bob.SendMessageAsync(two, "cake");
        await page.ReloadAsync();

        // After leaving the group, its name and its messages are still there, and nothing can be written.
        await pane.Rows.Filter(new() { HasText = "Bakers" }).ClickAsync();
        await Expect(pane.Messages).ToHaveCountAsync(1);
        await Expect(pane.Root.Locator(".thread-head h2")).ToHaveTextAsync("Bakers");
        await Expect(pane.Field).ToBeDisabledAsync();

        // A blocked group is not among the conversations until it is unblocked.
        await pane.Root.GetByRole(AriaRole.Tab, new() { Name = "Contacts" }).ClickAsync();
        await pane.Rows.Filter(new() { HasText = "Cooks" }).ClickAsync();
        await pane.Root.GetByRole(AriaRole.Button, new() { Name = "Conversation", Exact = true }).ClickAsync();
        await pane.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Unblock group" }).ClickAsync();
        await Expect(pane.Field).ToBeEnabledAsync();
        await bob.SendMessageAsync(one, "salad");
        await Expect(pane.Messages.Last).ToContainTextAsync("salad");
        await page.Context.CloseAsync();
    }

    /// <summary>Screenshots in light, dark and phone layout. Nothing may overflow sideways, and no dialog may leave the screen.</summary>
    [Theory]
    [InlineData("light", 1_360, 850, ColorScheme.Light)]
    [InlineData("dark", 1_360, 850, ColorScheme.Dark)]
    [InlineData("phone", 390, 780, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 780, ColorScheme.Dark)]
    public async Task Looks(string name, int width, int height, ColorScheme scheme)
    {
        var project = await ProjectAsync();
        string[] more =
        [
            "dmitri", "erin", "frank", "grace", "Support Team", "a-member-with-a-very-long-login-id-that-does-not-fit@example.com"
        ];
        foreach (var id in more)
        {
            await project.CreateUserAsync(id);
        }

        var (alice, bob) = (
            await new TestUser(project, "alice", "secret").LogInAsync(), await new TestUser(project, "bob", "secret").LogInAsync());
        var group = (await alice.PostJsonAsync("/api/v1/groups", new
        {
            name = "Book club of the second floor",
            description = "We read one chapter a week, and meet on Fridays at six",
            members = more.Append("bob").Append("carol"),
        })).GetProperty("id").GetString()!;
        await alice.SendMessageAsync(group, "Chapter one until Friday, please. I bring the biscuits this time, and somebody else the tea.");
        await bob.SendMessageAsync(group, "I have read it already. No spoilers!");
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 2 } } });
        var phone = width < 700;

        var page = await demo.OpenAsync(width, height, project, scheme, phone);
        var pane = new DemoPane(page, 0);
        await pane.LogInAsync("alice");
        await pane.Rows.First.ClickAsync();
        await Expect(pane.Messages.First.Locator(".read-by")).ToHaveTextAsync("Read by 1 of 8");
        await CheckAsync("thread");
        await pane.OpenGroupInfoAsync();
        await CheckAsync("info");
        await Expect(pane.Root.Locator(".member[data-member=alice] .tag")).ToBeVisibleAsync();
        await pane.Root.GetByRole(AriaRole.Button, new() { Name = "Delete group" }).ClickAsync();
        await CheckAsync("confirm");
        await pane.Root.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await pane.CloseDialogAsync();
        await pane.Messages.First.Locator(".read-by").ClickAsync();
        await CheckAsync("read-by");
        await page.Context.CloseAsync();

        async Task CheckAsync(string what)
        {
            await DemoFixture.ShotAsync(page, $"group-{name}-{what}");
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.True(await page.EvaluateAsync<bool>("""
                [...document.querySelectorAll("dialog[open]")].every(dialog => {
                  const { top, bottom, left, right } = dialog.getBoundingClientRect();
                  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && dialog.scrollWidth <= dialog.clientWidth;
                })
                """), what);
        }
    }

    private static async Task<byte[]> PictureAsync(IPage page) => Convert.FromBase64String(await page.EvaluateAsync<string>("""
        () => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [600, 300];
          const drawing = canvas.getContext("2d");
          drawing.fillStyle = "teal";
          drawing.fillRect(0, 0, 600, 300);
          return canvas.toDataURL("image/png").split(",")[1];
        }
        """));

    private static async Task<string> GroupIdAsync(TestSession session) =>
        (await session.GetJsonAsync("/api/v1/groups")).GetProperty("groups")[0].GetProperty("id").GetString()!;

    private Task<TestProject> ProjectAsync() => demo.CreateProjectAsync("alice", "bob", "carol");
}
