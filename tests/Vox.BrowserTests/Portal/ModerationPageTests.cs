using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class ModerationPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Queue_OnADesktopAndAPhone_ShowsWhatWasFlaggedAndDecides()
    {
        var alice = await new TestUser(world.Project, "alice", "secret").LogInAsync();
        var dmitri = await new TestUser(world.Project, "dmitri", "secret").LogInAsync();
        await dmitri.SendMessageAsync("alice", "Hello");
        var sent = await dmitri.SendMessageAsync("alice", "Buy my watches");
        var conversation = sent.GetProperty("conversation").GetString();
        await alice.PostJsonAsync(
            "/api/v1/flags",
            new { conversation, sequence = sent.GetProperty("sequence").GetInt64(), reason = "spam", text = "The third time" });
        await alice.PostJsonAsync("/api/v1/flags", new { user = "dmitri", reason = "self_harm" });

        // In dark colors, with a mouse: the message goes.
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/moderation", scheme: ColorScheme.Dark);
        await using var desktop = page.Context;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(page.GetByRole(AriaRole.Region)).ToHaveCountAsync(2);
        Assert.Empty(await Axe.FindingsAsync(page, "moderation-dark"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at: Message" }).ClickAsync();
        await Expect(dialog.GetByText("Buy my watches")).ToBeVisibleAsync();
        await Expect(dialog.GetByText("The third time")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Please choose");
        await dialog.GetByLabel("Delete the message for everyone").CheckAsync();
        await dialog.GetByLabel("Note").FillAsync("Watches again");
        Assert.Empty(await Axe.FindingsAsync(page, "moderation-look-dark"));
        await ShootAsync(page, "moderation-look-dark");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region)).ToHaveCountAsync(1);

        // On a phone: the user is muted.
        var phone = await world.OpenAsync(
            $"/portal/projects/{world.Project.Id}/moderation", width: 390, height: 844, phone: true);
        await using var mobile = phone.Context;
        dialog = phone.GetByRole(AriaRole.Dialog);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Look at: User dmitri" }).ClickAsync();
        await Expect(dialog.GetByText("Self-harm")).ToBeVisibleAsync();
        await dialog.GetByLabel("Mute the user").CheckAsync();
        Assert.Empty(await Axe.FindingsAsync(phone, "moderation-look-phone"));
        await ShootAsync(phone, "moderation-look-phone");
        Assert.True(await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();
        await Expect(phone.GetByText("Nothing waits for a decision.")).ToBeVisibleAsync();
        await phone.GetByText("Decided", new() { Exact = true }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Region)).ToHaveCountAsync(2);
        Assert.Empty(await Axe.FindingsAsync(phone, "moderation-phone"));
        await ShootAsync(phone, "moderation-phone");

        await dmitri.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        var shown = await alice.GetJsonAsync($"/api/v1/messages?conversation={conversation}");
        Assert.DoesNotContain("Buy my watches", shown.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
