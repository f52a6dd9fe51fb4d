using System.Text.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

public sealed class DemoReportTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Report_FromTheMenuOfAMessage_StandsInTheModeratorsQueueOnce()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var (page, alice, bob) = await demo.MeetAsync(project);
        await alice.OpenAsync("bob");
        await bob.OpenAsync("alice");
        await alice.SendAsync("Buy my watches");
        await Expect(bob.Messages.Last).ToContainTextAsync("watches");
        var dialog = bob.Root.GetByRole(AriaRole.Dialog);

        // Nobody reports themselves.
        await OpenMenuAsync(alice.Messages.Last);
        await Expect(alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Reply" })).ToBeVisibleAsync();
        await Expect(alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Report" })).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await ReportAsync();
        await Expect(dialog).ToContainTextAsync("Moderators will look at the message.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await ReportAsync();
        await Expect(dialog).ToContainTextAsync("You had reported this message already.");

        var server = await project.CreateServerAsync();
        var flag = Assert.Single((await server.GetJsonAsync("moderation/flags")).GetProperty("flags").EnumerateArray());
        Assert.Equal(("alice", "spam", 1), (Text(flag, "user"), Text(flag, "reason"), flag.GetProperty("count").GetInt32()));
        await page.Context.CloseAsync();

        async Task ReportAsync()
        {
            await OpenMenuAsync(bob.Messages.Last);
            await bob.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Report", Exact = true }).ClickAsync();
            await Expect(dialog).ToContainTextAsync("Buy my watches");
            await dialog.GetByLabel("Why").SelectOptionAsync("spam");
            await dialog.GetByLabel("For the moderators").FillAsync("Again");
            Assert.Empty(await Axe.FindingsAsync(page, "demo-report"));
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).ClickAsync();
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static Task OpenMenuAsync(ILocator message) =>
        message.Locator(".bubble").DispatchEventAsync("contextmenu", new { bubbles = true, cancelable = true });
}
