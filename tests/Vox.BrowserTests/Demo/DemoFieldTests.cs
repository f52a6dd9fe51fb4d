using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>The text fields of the demo page. The keyboard alone is enough to use them, and what is typed stays.</summary>
public sealed class DemoFieldTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Keyboard_Alone_LogsInAndSends()
    {
        var page = await demo.OpenAsync(width: 900, project: await ProjectAsync());
        var alice = new DemoPane(page, 0);
        await Expect(alice.Root.GetByLabel("Password")).ToHaveValueAsync("secret");

        await alice.Root.GetByLabel("Password").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(alice.Root.Locator(".me .is-online")).ToBeVisibleAsync();
        await alice.Root.Locator(".find input").FocusAsync();
        await page.Keyboard.TypeAsync("bob");
        await page.Keyboard.PressAsync("Enter");
        await Expect(alice.Field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("One");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("Two");
        await page.Keyboard.PressAsync("Enter");

        await alice.SeesTicksAsync("Sent");
        Assert.Equal("One\nTwo", await alice.Messages.Last.Locator(".text").TextContentAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Focus_DrawingIsSlow_IsInTheFieldOfEveryConversationThatIsOpened()
    {
        var project = await ProjectAsync();
        var carol = await project.CreateUserAsync("carol");
        await carol.SendChatAsync("alice", "From Carol");
        var page = await demo.OpenAsync(width: 900, project: project, script: """
            const draw = window.requestAnimationFrame.bind(window);
            window.requestAnimationFrame = callback => setTimeout(() => draw(callback), 700);
            """);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");

        // First by keyboard, then by a click, from one conversation to another and back.
        await alice.Root.Locator(".find input").FillAsync("bob");
        await alice.Root.Locator(".find input").PressAsync("Enter");
        await Expect(alice.Root.Locator(".thread-head h2")).ToHaveTextAsync("bob");
        await Expect(alice.Field).ToBeFocusedAsync();
        await alice.SendAsync("Hello Bob");
        await Expect(alice.Rows).ToHaveCountAsync(2);
        foreach (var peer in (string[])["carol", "bob"])
        {
            await alice.Rows.Filter(new() { HasText = peer }).ClickAsync();
            await Expect(alice.Root.Locator(".thread-head h2")).ToHaveTextAsync(peer);
            await Expect(alice.Field).ToBeFocusedAsync();
        }

        // What is typed later stays unchanged, whatever the page redraws.
        await page.Keyboard.TypeAsync("draft");
        await carol.SendChatAsync("alice", "Another one");
        await Expect(alice.Rows.First).ToContainTextAsync("Another one");
        await Expect(alice.Field).ToBeFocusedAsync();
        await Expect(alice.Field).ToHaveValueAsync("draft");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Field_OpenedAgain_IsAsHighAsBefore()
    {
        var page = await demo.OpenAsync(width: 390, height: 780, project: await ProjectAsync(), phone: true);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        await alice.SendAsync("Hello");
        await alice.SeesTicksAsync("Sent");
        var height = await alice.Field.EvaluateAsync<int>("field => field.offsetHeight");

        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Back to the list" }).ClickAsync();
        await alice.Rows.First.ClickAsync();

        await Expect(alice.Field).ToBeVisibleAsync();
        await Expect(alice.Field).ToHaveJSPropertyAsync("offsetHeight", height);
        await page.Context.CloseAsync();
    }

    private Task<TestProject> ProjectAsync() => demo.CreateProjectAsync("alice", "bob");
}
