using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class ApiKeyPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task ApiKeys_CreatedRotatedAndRevokedByKeyboard_WorkAsThePageSays()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/api-keys");
        await using var _ = page.Context;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create API key" }).First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Orders");
        await page.Keyboard.PressAsync("Tab");
        await Expect(dialog.GetByLabel("users: read")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        var first = await SecretAsync();

        await first.GetJsonAsync("users");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Orders" })).ToContainTextAsync("users:read");
        await Expect(page.GetByText(first.Key)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate Orders" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate", Exact = true }).ClickAsync();
        var second = await SecretAsync();
        await second.GetJsonAsync("users");
        await first.GetJsonAsync("users");
        await Expect(page.GetByText("The key of before is good until")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke Orders" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(page.GetByText("There is no API key yet.")).ToBeVisibleAsync();
        await second.GetAsync("users").ProblemAsync("invalid_api_key");

        async Task<TestServer> SecretAsync()
        {
            var key = await dialog.Locator("code").InnerTextAsync();
            await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Done" })).ToBeDisabledAsync();
            // Escape must not throw away what cannot be shown again.
            await page.Keyboard.PressAsync("Escape");
            await dialog.GetByLabel("I have stored the API key").CheckAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
            return new TestServer(world.App, world.Project, key, "");
        }
    }
}
