using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>The ways to a message and to what can be done with it: by date, by pointer, by finger. Messages that wait to be sent.</summary>
public sealed class DemoFindTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Date_OfALongConversation_ShowsTheFirstMessageOfThatDay()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        foreach (var (ago, count) in new[] { (9, 30), (4, 60), (3, 60), (0, 60) })
        {
            await using var app = await demo.StartEarlierAsync(TimeSpan.FromDays(ago));
            var bob = await new TestUser(new TestProject(app, project.Id, project.Token), "bob", "secret").LogInAsync();
            for (var n = 1; n <= count; n++)
            {
                await bob.SendMessageAsync("alice", $"{ago} days ago, number {n}");
            }
        }

        var page = await demo.OpenAsync(project: project);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages.Last).ToContainTextAsync("0 days ago, number 60");
        // The first time all of it was new. Now a page is loaded, and the rest when it is asked for.
        await page.ReloadAsync();
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages).ToHaveCountAsync(40);

        await GoToDayAsync(4);
        await Expect(alice.Messages.Filter(new() { HasText = "4 days ago, number 1" }).First).ToBeFocusedAsync();
        await Expect(alice.Messages.Filter(new() { HasText = "4 days ago, number 1" }).First).ToBeInViewportAsync();
        // A day without messages: the first one after it.
        await GoToDayAsync(7);
        await Expect(alice.Messages.Filter(new() { HasText = "4 days ago, number 1" }).First).ToBeFocusedAsync();
        await GoToDayAsync(400);
        await Expect(alice.Messages.First).ToBeFocusedAsync();
        await Expect(alice.Messages.First).ToContainTextAsync("9 days ago, number 1");
        await DemoFixture.ShotAsync(page, "date");
        await page.Context.CloseAsync();

        async Task GoToDayAsync(int ago)
        {
            await DemoLifeTests.OfConversationAsync(alice, "Go to a date");
            // The day where the browser is.
            var day = await page.EvaluateAsync<string>(
                """
                ago => {
                  const day = new Date(Date.now() - ago * 86400000);
                  return new Date(day - day.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
                }
                """,
                ago);
            await alice.Root.GetByLabel("Day").FillAsync(day);
            await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Go", Exact = true }).ClickAsync();
        }
    }

    [Fact]
    public async Task Menu_ByRightClickButtonAndEnter_IsTheSame()
    {
        var page = await demo.OpenAsync(project: await demo.CreateProjectAsync("alice", "bob"));
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.SendAsync("For the menu");
        await alice.SeesTicksAsync("Sent");
        var menu = alice.Root.GetByRole(AriaRole.Menu, new() { Name = "Message", Exact = true });

        foreach (var open in (Func<Task>[])[
            () => alice.Messages.Last.Locator(".text").ClickAsync(new() { Button = MouseButton.Right }),
            async () =>
            {
                await alice.Messages.Last.HoverAsync();
                await alice.Messages.Last.GetByRole(AriaRole.Button, new() { Name = "Message actions" }).ClickAsync();
            },
            () => alice.Messages.Last.PressAsync("Enter"),
        ])
        {
            await open();
            await Expect(menu.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(
                [
                    "👍", "❤️", "😂", "😮", "😢", "🙏", "", "Reply", "Edit", "Copy", "Forward", "Pin", "Delete for me",
                    "Delete for everyone",
                ]);
            await page.Keyboard.PressAsync("Escape");
            await Expect(menu).ToHaveCountAsync(0);
        }

        // What was pressed by the keys keeps the focus, although the message has changed.
        await alice.Messages.Last.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await Expect(alice.Messages.Last.Locator(".reaction")).ToHaveTextAsync("👍 1");
        await Expect(alice.Messages.Last).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Menu_FingerThatStays_OpensItAndItStaysWhenTheFingerIsLifted()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var page = await demo.OpenAsync(width: 390, height: 844, project: project, phone: true);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.SendAsync("Under the finger");
        await alice.SeesTicksAsync("Sent");
        var menu = alice.Root.GetByRole(AriaRole.Menu, new() { Name = "Message", Exact = true });
        var box = (await alice.Messages.Last.Locator(".bubble").BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        var session = await page.Context.NewCDPSessionAsync(page);

        await TouchAsync("touchStart", x, y);
        await Expect(menu).ToBeVisibleAsync();
        await TouchAsync("touchEnd");
        await Expect(menu).ToBeVisibleAsync();
        await menu.GetByRole(AriaRole.Menuitem, new() { Name = "Reply" }).TapAsync();

        await Expect(alice.Root.Locator(".compose-bar")).ToContainTextAsync("Under the finger");
        await page.Context.CloseAsync();

        Task TouchAsync(string type, double x = -1, double y = -1) => session.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = type,
            ["touchPoints"] = x < 0 ? Array.Empty<object>() : new object[] { new { x, y } },
        });
    }

    [Fact]
    public async Task Scheduled_ChangedBeforeItIsDue_WaitsWithTheNewTextAndTime()
    {
        var page = await demo.OpenAsync(project: await demo.CreateProjectAsync("alice", "bob"));
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.Field.FillAsync("Good morning");
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Attach" }).ClickAsync();
        await alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Send later" }).ClickAsync();
        var dialog = alice.Root.GetByRole(AriaRole.Dialog, new() { Name = "Send later" });
        var text = dialog.GetByLabel("Message", new() { Exact = true });
        await Expect(text).ToHaveValueAsync("Good morning");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await Expect(dialog.Locator(".pin")).ToContainTextAsync("Good morning");
        await Expect(text).ToHaveValueAsync("");

        await dialog.Locator(".pin").ClickAsync();
        await Expect(text).ToHaveValueAsync("Good morning");
        await Expect(text).ToBeFocusedAsync();
        await text.FillAsync("Good evening");
        await dialog.GetByLabel("When").FillAsync("2000-01-01T10:00");
        await dialog.GetByLabel("When").EvaluateAsync("field => field.removeAttribute('min')");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        // In the past: the server says why not.
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("sendAt");
        await dialog.GetByLabel("When").FillAsync(
            await page.EvaluateAsync<string>("new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 11) + '10:30'"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Expect(dialog.Locator(".pin")).ToContainTextAsync("Good evening");
        await Expect(dialog.Locator(".pin")).ToContainTextAsync("10:30");
        await Expect(dialog.Locator(".pin")).ToHaveCountAsync(1);
        Assert.Equal("", string.Join('\n', await Vox.Tests.Portal.Axe.FindingsAsync(page, "schedule")));
        await DemoFixture.ShotAsync(page, "schedule");
        await page.Context.CloseAsync();
    }
}
