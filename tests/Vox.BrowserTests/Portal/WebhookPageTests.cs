using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class WebhookPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Webhooks_AddedChangedAndRemoved_WorkAsThePageSays()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/webhooks");
        await using var _ = page.Context;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(page.GetByText("There is no endpoint yet.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Nothing was sent yet.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add endpoint" }).First.ClickAsync();
        await dialog.GetByLabel("Address").FillAsync("https://10.0.0.1/");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("public internet");
        await dialog.GetByLabel("Address").FillAsync("https://example.com/hooks");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.Locator("code")).ToContainTextAsync("whsec_");
        var secret = await dialog.Locator("code").InnerTextAsync();
        await dialog.GetByLabel("I have stored the secret").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "https://example.com/hooks" });
        await Expect(row).ToContainTextAsync("message.sent");
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Expect(row.GetByText("Off", new() { Exact = true }).First).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "Switch off" })).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(page.GetByText("There is no endpoint yet.")).ToBeVisibleAsync();
    }
}
