using Microsoft.Playwright;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>What happens to messages after they were sent, on the demo page.</summary>
public sealed class DemoLifeTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Message_ReactedAnsweredEditedPinnedAndDeleted_IsSoOnBothSides()
    {
        var (page, alice, bob) = await MeetInConversationAsync();
        await alice.SendAsync("Shall we meet at noon?");
        await Expect(bob.Messages.Last).ToContainTextAsync("noon");

        // A reaction, taken back and given again by a press on it.
        await ChooseAsync(bob, bob.Messages.Last, "React with 👍");
        await Expect(alice.Messages.Last.Locator(".reaction")).ToHaveTextAsync("👍 1");
        await bob.Messages.Last.Locator(".reaction[aria-pressed=true]").ClickAsync();
        await Expect(alice.Messages.Last.Locator(".reaction")).ToHaveCountAsync(0);
        await ChooseAsync(alice, alice.Messages.Last, "React with ❤️");
        await Expect(bob.Messages.Last.Locator(".reaction")).ToHaveTextAsync("❤️ 1");

        // An answer with the message that is answered; a press shows it.
        await ChooseAsync(bob, bob.Messages.Last, "Reply");
        await Expect(bob.Root.Locator(".compose-bar")).ToContainTextAsync("Answer to alice");
        await bob.SendAsync("Yes, gladly. See https://example.com/menu.");
        await Expect(bob.Root.Locator(".compose-bar")).ToBeHiddenAsync();
        await Expect(alice.Messages.Last.Locator(".quote")).ToContainTextAsync("Shall we meet at noon?");
        await Expect(alice.Messages.Last.Locator("a")).ToHaveAttributeAsync("href", "https://example.com/menu");
        await alice.Messages.Last.Locator(".quote").ClickAsync();
        await Expect(alice.Messages.First).ToBeFocusedAsync();

        // Edited from the field, by the arrow.
        await alice.Field.FocusAsync();
        await alice.Field.PressAsync("ArrowUp");
        await Expect(alice.Field).ToHaveValueAsync("Shall we meet at noon?");
        await alice.SendAsync("Shall we meet at one?");
        await Expect(bob.Messages.First).ToContainTextAsync("one?");
        await Expect(bob.Messages.First.Locator(".edited")).ToBeVisibleAsync();

        await ChooseAsync(bob, bob.Messages.First, "Pin");
        await Expect(alice.Messages.First.Locator(".pinned")).ToBeVisibleAsync();
        await OfConversationAsync(alice, "Pinned messages");
        await Expect(alice.Root.Locator(".pins .pin")).ToContainTextAsync("one?");
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Unpin" }).ClickAsync();
        await Expect(alice.Root.Locator(".pins")).ToContainTextAsync("Nothing is pinned");
        await alice.CloseDialogAsync();
        await Expect(bob.Messages.First.Locator(".pinned")).ToHaveCountAsync(0);
        await DemoFixture.ShotAsync(page, "life");

        // For oneself: the other keeps it. For everyone: only that it was there is left.
        await ChooseAsync(alice, alice.Messages.Last, "Delete for me");
        await alice.Root.Locator("dialog .destructive").ClickAsync();
        await Expect(alice.Messages).ToHaveCountAsync(1);
        await Expect(bob.Messages).ToHaveCountAsync(2);
        await ChooseAsync(alice, alice.Messages.First, "Delete for everyone");
        await alice.Root.Locator("dialog .destructive").ClickAsync();
        await Expect(bob.Messages.First).ToContainTextAsync("This message was deleted");
        await Expect(bob.Messages.First.Locator(".reaction")).ToHaveCountAsync(0);
        await Expect(alice.Messages.First).ToContainTextAsync("You have deleted this message");
        await page.ReloadAsync();
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages).ToHaveCountAsync(1);
        await Expect(alice.Messages.First).ToContainTextAsync("You have deleted this message");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Menu_ByKeyboardAlone_OpensMovesAndCloses()
    {
        var (page, alice, bob) = await MeetInConversationAsync();
        await bob.SendAsync("By the keys");
        await Expect(alice.Messages.Last).ToContainTextAsync("keys");

        await alice.Root.Locator(".messages").FocusAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(alice.Messages.Last).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        var first = alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "React with 👍" });
        await Expect(first).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(alice.Messages.Last).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Reply" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(alice.Field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Answered by the keys");
        await page.Keyboard.PressAsync("Enter");

        await Expect(bob.Messages.Last.Locator(".quote")).ToContainTextAsync("By the keys");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Conversation_MutedFavouredArchivedUnreadAndCleared_OnlyForTheUser()
    {
        var (page, alice, bob) = await MeetInConversationAsync();
        await bob.SendAsync("Are you there?");
        await Expect(alice.Messages.Last).ToContainTextAsync("there");

        await OfConversationAsync(alice, "Mute");
        await Expect(alice.Rows.First.GetByLabel("Muted")).ToBeVisibleAsync();
        await OfConversationAsync(alice, "Add to favourites");
        await Expect(alice.Rows.First.GetByLabel("Favourite")).ToBeVisibleAsync();
        await OfConversationAsync(alice, "Archive");
        await Expect(alice.Root.Locator(".row.archive")).ToHaveTextAsync("Archived (1)");
        await alice.Root.Locator(".row.archive").ClickAsync();
        await OfConversationAsync(alice, "Take out of the archive");
        await Expect(alice.Root.Locator(".row.archive")).ToHaveCountAsync(0);
        await OfConversationAsync(alice, "Mark as unread");
        await Expect(alice.Rows.First.Locator(".badge")).ToHaveTextAsync("1");
        await page.ReloadAsync();
        await Expect(alice.Rows.First.Locator(".badge")).ToHaveTextAsync("1");
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Rows.First.Locator(".badge")).ToHaveCountAsync(0);
        await OfConversationAsync(alice, "Clear messages");
        await alice.Root.Locator("dialog .destructive").ClickAsync();
        await Expect(alice.Messages).ToHaveCountAsync(0);

        await bob.Rows.First.ClickAsync();
        await Expect(bob.Messages).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Group_MemberMentioned_IsToldAndCompleted()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var (page, alice, bob) = await demo.MeetAsync(project);
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "New group" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Book club");
        await page.GetByLabel("Members", new() { Exact = true }).FillAsync("bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create group" }).ClickAsync();
        await Expect(alice.Root.Locator(".thread-head")).ToContainTextAsync("bob");

        await alice.Field.PressSequentiallyAsync("Ask @b");
        await Expect(alice.Root.Locator(".mention-option[aria-selected=true]")).ToContainTextAsync("bob");
        await alice.Field.PressAsync("Enter");
        await Expect(alice.Field).ToHaveValueAsync("Ask @bob ");
        await alice.Field.PressAsync("Enter");

        await Expect(alice.Messages.Last.Locator(".mention")).ToHaveTextAsync("@bob");
        await Expect(bob.Rows.First.Locator(".mention-badge")).ToBeVisibleAsync();
        await bob.Rows.First.ClickAsync();
        await Expect(bob.Messages.Last.Locator(".mention.of-me")).ToBeVisibleAsync();
        await Expect(bob.Rows.First.Locator(".mention-badge")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Message_ForwardedAndScheduled_LeavesAndWaits()
    {
        var project = await demo.CreateProjectAsync("alice", "bob", "carol");
        var (page, alice, bob) = await demo.MeetAsync(project);
        var carol = await new TestUser(project, "carol", "secret").LogInAsync();
        await carol.SendMessageAsync("alice", "From Carol");
        await Expect(alice.Rows.First).ToContainTextAsync("From Carol");
        await alice.OpenAsync("bob");
        await alice.SendAsync("Pass it on");
        await Expect(bob.Rows.First).ToContainTextAsync("Pass it on");

        await ChooseAsync(alice, alice.Messages.Last, "Forward");
        await alice.Root.Locator("dialog .row", new() { HasText = "carol" }).ClickAsync();
        await Expect(alice.Root.Locator(".thread-head h2")).ToHaveTextAsync("carol");
        await Expect(alice.Messages.Last.Locator(".forwarded")).ToBeVisibleAsync();
        await alice.SeesTicksAsync("Sent");

        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Attach" }).ClickAsync();
        await alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Send later" }).ClickAsync();
        await alice.Root.GetByLabel("Message", new() { Exact = true }).Last.FillAsync("Good morning");
        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await Expect(alice.Root.Locator(".pins .pin")).ToContainTextAsync("Good morning");
        await alice.Root.Locator(".pins .icon-button").ClickAsync();
        await Expect(alice.Root.Locator(".pins")).ToContainTextAsync("Nothing is scheduled");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(1_360, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_WithEverythingAtOnce_HasNoBarriers(int width, ColorScheme scheme)
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var page = await demo.OpenAsync(width: width, height: 844, project: project, scheme: scheme, phone: width < 500);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.SendAsync("The first");
        await alice.SeesTicksAsync("Sent");
        await ChooseAsync(alice, alice.Messages.Last, "React with 👍");
        await Expect(alice.Messages.Last.Locator(".reaction")).ToBeVisibleAsync();
        await ChooseAsync(alice, alice.Messages.Last, "Reply");
        await alice.SendAsync("An answer to oneself, with https://example.com in it");
        await alice.SeesTicksAsync("Sent");
        await ChooseAsync(alice, alice.Messages.First, "Pin");
        await Expect(alice.Messages.First.Locator(".pinned")).ToBeVisibleAsync();
        await ChooseAsync(alice, alice.Messages.First, "Edit");
        List<string> findings = [.. await Axe.FindingsAsync(page, "composing")];
        await DemoFixture.ShotAsync(page, $"life-compose-{width}");
        await alice.Field.PressAsync("Escape");
        await OpenMenuAsync(alice.Messages.Last);
        findings.AddRange(await Axe.FindingsAsync(page, "menu"));
        await DemoFixture.ShotAsync(page, $"life-menu-{width}");
        await page.Keyboard.PressAsync("Escape");
        await OfConversationAsync(alice, "Pinned messages");
        await Expect(alice.Root.Locator(".pins .pin")).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindingsAsync(page, "pins"));
        await DemoFixture.ShotAsync(page, $"life-pins-{width}");

        Assert.Equal("", string.Join('\n', findings));
        await page.Context.CloseAsync();
    }

    private async Task<(IPage Page, DemoPane Alice, DemoPane Bob)> MeetInConversationAsync()
    {
        var (page, alice, bob) = await demo.MeetAsync(await demo.CreateProjectAsync("alice", "bob"));
        await alice.OpenAsync("bob");
        await bob.OpenAsync("alice");
        return (page, alice, bob);
    }

    private static async Task OpenMenuAsync(ILocator message) =>
        await message.Locator(".bubble").DispatchEventAsync("contextmenu", new { bubbles = true, cancelable = true });

    private static async Task ChooseAsync(DemoPane pane, ILocator message, string action)
    {
        await OpenMenuAsync(message);
        await pane.Root.GetByRole(AriaRole.Menuitem, new() { Name = action, Exact = true }).ClickAsync();
    }

    internal static async Task OfConversationAsync(DemoPane pane, string action)
    {
        await pane.Root.GetByRole(AriaRole.Button, new() { Name = "Conversation", Exact = true }).ClickAsync();
        await pane.Root.GetByRole(AriaRole.Menuitem, new() { Name = action, Exact = true }).ClickAsync();
    }
}
