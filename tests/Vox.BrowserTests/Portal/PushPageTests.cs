using Microsoft.Playwright;
using Vox.Chat.Devices;
using Vox.Chat.Push;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class PushPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Theory]
    [InlineData(1_360, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Push_OfAProject_ShowsWhatIsSetUpCountsAndTests(int width, ColorScheme scheme)
    {
        var user = "push" + width;
        var session = await (await world.Project.CreateUserAsync(user)).LogInAsync();
        await session.PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = user, language = "de-AT", appVersion = "4.1" });
        var page = await world.OpenAsync(
            $"/portal/projects/{world.Project.Id}/push-keys", scheme: scheme, width: width, phone: width < 500);
        await using var _ = page.Context;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Push messages", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Browsers" })).ToContainTextAsync("Nothing to upload");

        // What they say stays chosen.
        var content = page.GetByRole(AriaRole.Region, new() { Name = "Content" });
        await content.GetByLabel("Only who writes").CheckAsync();
        await content.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Saved")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(content.GetByLabel("Only who writes")).ToBeCheckedAsync();

        // The service's answer in plain words: no key is stored.
        var test = page.GetByRole(AriaRole.Region, new() { Name = "Test" });
        await test.GetByLabel("Username").FillAsync("nobody at all");
        await test.GetByRole(AriaRole.Button, new() { Name = "Find devices" }).ClickAsync();
        await Expect(test.GetByRole(AriaRole.Alert)).ToContainTextAsync("no user with this username");
        await test.GetByLabel("Username").FillAsync(user);
        await test.GetByRole(AriaRole.Button, new() { Name = "Find devices" }).ClickAsync();
        await Expect(test.GetByRole(AriaRole.Cell, new() { Name = "de-AT" })).ToBeVisibleAsync();
        await test.GetByRole(AriaRole.Button, new() { Name = "Send a test to Firebase" }).ClickAsync();
        await Expect(test.GetByRole(AriaRole.Status)).ToContainTextAsync("No service account is stored");

        // A day's counts, as another instance writes them.
        var now = TimeProvider.System.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await world.App.Get<PushCountStore>().SetAsync(
            world.Project.Id, "another", today, [new(today, DeviceKind.Fcm, 1_204, 3, 12)],
            [new(DeviceKind.Fcm, "PERMISSION_DENIED", now)], CancellationToken.None);
        var days = page.GetByRole(AriaRole.Region, new() { Name = "The last seven days" });
        await days.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();
        await Expect(days.GetByRole(AriaRole.Cell, new() { Name = "1,204" })).ToBeVisibleAsync();
        await Expect(days).ToContainTextAsync("The service account may not send");

        Assert.Empty(await Axe.FindingsAsync(page, "push-messages"));
        Assert.True(
            await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
            "The page is wider than the screen.");
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"push-messages-{width}.png"), FullPage = true });
        }
    }
}
