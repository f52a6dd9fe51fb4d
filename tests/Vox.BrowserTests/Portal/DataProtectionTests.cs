using Microsoft.Playwright;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>What an owner does on the page for data protection.</summary>
public sealed class DataProtectionTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task DataProtection_ExportsHoldsAndErases_ShowHowFarTheyAre()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Data protection" }).ClickAsync();
        await Expect(page.GetByText("Nothing was exported yet.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "New export" }).ClickAsync();
        await Dialog(page).GetByLabel("Username").FillAsync("alice");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        await Expect(Row(page, "alice")).ToContainTextAsync("Running");
        await world.App.Get<ExportWork>().RunAsync(CancellationToken.None);
        await page.ReloadAsync();
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.EndsWith(".tar", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.True(new FileInfo((await download.PathAsync())!).Length > 1_024);

        await page.GetByRole(AriaRole.Button, new() { Name = "Set a hold" }).ClickAsync();
        await Dialog(page).GetByLabel("Username").FillAsync("bob");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Set the hold" }).ClickAsync();
        await Expect(Dialog(page).GetByRole(AriaRole.Alert)).ToContainTextAsync("why");
        await Dialog(page).GetByLabel("Why").FillAsync("Case 7");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Set the hold" }).ClickAsync();
        await Expect(Row(page, "Case 7")).ToContainTextAsync("User bob");

        await EraseAsync(page, "bob", "bob");
        await Expect(Dialog(page).GetByRole(AriaRole.Alert).Last).ToContainTextAsync("legal hold");
        await page.Keyboard.PressAsync("Escape");
        await Expect(Dialog(page)).ToBeHiddenAsync();
        await EraseAsync(page, "dmitri", "dimitri");
        await Expect(Dialog(page).GetByRole(AriaRole.Alert).Last).ToContainTextAsync("differ");
        await Dialog(page).GetByLabel("The same again").FillAsync("dmitri");
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Erase for ever" }).ClickAsync();
        await Expect(Row(page, "User dmitri").Last).ToContainTextAsync("Running");
        await world.App.Get<ErasureWork>().RunAsync(CancellationToken.None);
        await page.ReloadAsync();
        await Expect(Row(page, "User dmitri").Last).ToContainTextAsync("Searching once more");
        await ShotAsync(page);

        await Row(page, "Case 7").GetByRole(AriaRole.Button, new() { Name = "Lift" }).ClickAsync();
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Lift" }).ClickAsync();
        await Expect(page.GetByText("There are no holds.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task EraseAsync(IPage page, string name, string repeated)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase", Exact = true }).ClickAsync();
        await Dialog(page).GetByLabel("Username").FillAsync(name);
        await Dialog(page).GetByLabel("The same again").FillAsync(repeated);
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Erase for ever" }).ClickAsync();
    }

    private static ILocator Dialog(IPage page) => page.GetByRole(AriaRole.Dialog);

    private static ILocator Row(IPage page, string text) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    /// <summary>The page with something on it, in each look. Only when screenshots are wanted.</summary>
    private static async Task ShotAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, width, scheme) in ((string, int, ColorScheme)[])
            [("light", 1_360, ColorScheme.Light), ("dark", 1_360, ColorScheme.Dark), ("phone", 390, ColorScheme.Light)])
        {
            await page.SetViewportSizeAsync(width, 850);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"data-{name}.png"), FullPage = true });
        }

        await page.SetViewportSizeAsync(1_360, 850);
    }
}
