using Microsoft.Playwright;
using Vox.Chat.Projects;
using Vox.Chat.Requests;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class ApiRequestPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Requests_AsTheyCome_AreShownFilteredAndPaused()
    {
        await NoteAsync("server", "api/server/v1/users/{userId}", 404, "user_not_found");
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/requests");
        await using var _ = page.Context;
        var rows = page.GetByRole(AriaRole.Row);
        await Expect(rows.Filter(new() { HasText = "user_not_found" })).ToHaveCountAsync(1);

        // It comes by itself.
        await NoteAsync("client", "api/v1/messages", 503, "busy");
        await Expect(rows.Filter(new() { HasText = "busy" })).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        Assert.Empty(await Axe.FindingsAsync(page, "requests"));
        await CurlAsync(page);
        await page.GetByLabel("Route").FillAsync("messages");
        await Expect(rows.Filter(new() { HasText = "user_not_found" })).ToHaveCountAsync(0);
        await Expect(rows.Filter(new() { HasText = "busy" })).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Switch).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Switch)).Not.ToBeCheckedAsync();

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Kept are" }).Or(page.GetByLabel("Kept are")).First.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "all", Exact = true }).ClickAsync();
        await Expect(page.GetByText("From now on, within a minute")).ToBeVisibleAsync();
        Assert.Equal(KeptRequests.All, (await world.Project.ReadAsync()).KeptRequests);
    }

    /// <summary>What is copied is the call, with words in the place of the secret and of what was not kept.</summary>
    private async Task CurlAsync(IPage page)
    {
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "user_not_found" }).GetByRole(AriaRole.Button).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "The request as curl" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy: As curl, without a secret" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Region)).ToHaveTextAsync(
            $"curl -X GET '{world.App.Address}api/server/v1/users/USER_ID' \\\n  -H 'Authorization: Bearer API_KEY'");
        Assert.Equal(
            await dialog.GetByRole(AriaRole.Region).TextContentAsync(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Empty(await Axe.FindingsAsync(page, "request as curl"));
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private Task NoteAsync(string api, string route, int status, string error) => world.App.Get<RequestStore>().AddAsync(
        [new ApiRequest(world.Project.Id, TimeProvider.System.GetUtcNow(), api, "alice", "GET", route, status, 3, "r", error, 1)]);
}
