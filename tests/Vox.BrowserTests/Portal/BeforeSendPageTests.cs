using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class BeforeSendPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Hook_AddedRotatedAndRemoved_WorksAsThePageSaysAndShowsItsSecretOnce()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/before-send");
        await using var _ = page.Context;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(page.GetByText("No address is asked")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add the hook" }).First.ClickAsync();
        await dialog.GetByLabel("Address").FillAsync("https://10.0.0.1/");
        await dialog.GetByLabel("the message is refused").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("public internet");
        Assert.Empty(await Axe.FindingsAsync(page, "before-send-edit"));
        await dialog.GetByLabel("Address").FillAsync("https://example.com/ask");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.Locator("code")).ToContainTextAsync("whsec_");
        var secret = await dialog.Locator("code").InnerTextAsync();
        await dialog.GetByLabel("I have stored the secret").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        var hook = page.GetByRole(AriaRole.Region, new() { Name = "The hook" });
        await Expect(hook).ToContainTextAsync("https://example.com/ask");
        await Expect(hook).ToContainTextAsync("An answer may take 1,000 ms. Without a good answer, the message is refused");
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);
        await hook.GetByRole(AriaRole.Button, new() { Name = "Make a new secret" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Expect(dialog.Locator("code")).ToContainTextAsync("whsec_");
        Assert.NotEqual(secret, await dialog.Locator("code").InnerTextAsync());
        await dialog.GetByLabel("I have stored the secret").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(hook).ToContainTextAsync("The secret of before signs as well until");

        // A day's counts, as an instance writes them.
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await world.App.Get<Vox.Chat.Webhooks.BeforeSendStore>().SetCountsAsync(
            world.Project.Id, "another", new(today, 1_204, 3, 12, 5, 2), TimeProvider.System.GetUtcNow().AddMinutes(5), default);
        await page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "1,204" })).ToBeVisibleAsync();
        await Expect(hook).ToContainTextAsync("Not asked at present");
        Assert.Empty(await Axe.FindingsAsync(page, "before-send"));
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "before-send.png"), FullPage = true });
        }

        await hook.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No address is asked")).ToBeVisibleAsync();
    }
}
