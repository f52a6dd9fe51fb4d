using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>The menus of the demo page close when the user has finished with them, and not because of what happens around them.</summary>
public sealed class DemoMenuTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task OpenMenu_PeerComesOnline_StaysOpenUntilEscapeOrAPressElsewhere()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var page = await demo.OpenAsync(width: 900, project: project);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await alice.OpenAsync("bob");
        var opener = alice.Root.GetByRole(AriaRole.Button, new() { Name = "Conversation", Exact = true });
        var item = alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Add to contacts" });
        await opener.ClickAsync();
        await Expect(item).ToBeFocusedAsync();

        await using var bob = await (await new TestUser(project, "bob", "secret").LogInAsync()).ConnectAsync();
        await Expect(alice.Root.Locator(".thread-head .is-online")).ToBeVisibleAsync();
        await Expect(item).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Escape");
        await Expect(item).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();
        await opener.ClickAsync();
        await Expect(item).ToBeVisibleAsync();
        await alice.Root.Locator(".messages").ClickAsync();
        await Expect(item).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }
}
