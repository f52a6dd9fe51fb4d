using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Packages;

/// <summary>An app of somebody who has nothing but the tarballs: <c>node/stranger</c>, built with Vite.</summary>
public sealed class StrangerAppTests(Backends backends, Browser browser)
{
    private const string Site = "http://stranger.example";

    [Fact]
    public async Task ReactApp_OnThePackages_Chats()
    {
        var dist = await BuildAsync();
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var bob = await (await project.CreateUserAsync("carol")).LogInAsync();
        for (var n = 1; n <= 60; n++)
        {
            await bob.SendMessageAsync("alice", $"old {n}");
        }

        await using var alice = await browser.NewContextAsync(new() { ColorScheme = ColorScheme.Dark });
        await using var other = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var (page, errors) = await OpenAsync(alice, dist, project, "alice", "bob", "en");
        var (phone, phoneErrors) = await OpenAsync(other, dist, project, "bob", "alice", "ar");

        // A message there and back, by the keyboard; seen, typed, read.
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync("Hello Bob");
        await page.Keyboard.PressAsync("Enter");
        await Expect(phone.Locator(".vox-message", new() { HasText = "Hello Bob" })).ToBeVisibleAsync();
        await phone.Locator("textarea").PressSequentiallyAsync("مرحبا");
        await Expect(page.Locator(".vox-typing")).ToContainTextAsync("typing");
        await phone.GetByRole(AriaRole.Button, new() { Name = "إرسال" }).ClickAsync();
        await Expect(page.Locator(".vox-message", new() { HasText = "مرحبا" })).ToBeVisibleAsync();
        await phone.BringToFrontAsync();
        await Expect(page.Locator(".vox-message", new() { HasText = "Hello Bob" })).ToContainTextAsync("Read");

        // Another conversation: it begins at the end, older messages come when wanted.
        await page.GetByRole(AriaRole.Button, new() { Name = "carol" }).ClickAsync();
        await Expect(page.GetByText("old 60", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("old 1", new() { Exact = true })).Not.ToBeAttachedAsync();
        await page.Locator("[data-virtuoso-scroller]").HoverAsync();
        for (var turn = 0; turn < 200 && !await page.GetByText("old 1", new() { Exact = true }).IsVisibleAsync(); turn++)
        {
            await page.Mouse.WheelAsync(0, -800);
        }

        await Expect(page.GetByText("old 1", new() { Exact = true })).ToBeVisibleAsync();
        await bob.SendMessageAsync("alice", "news");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 new message" }).ClickAsync();
        await Expect(page.GetByText("news", new() { Exact = true }).Last).ToBeVisibleAsync();

        // A picture.
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "dot.png",
            MimeType = "image/png",
            Buffer = Convert.FromBase64String(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
        });
        await Expect(page.Locator("img.vox-picture")).ToBeVisibleAsync();

        foreach (var shown in new[] { page, phone })
        {
            var axe = await shown.RunAxe();
            Assert.True(axe.Violations.Length == 0, string.Join('\n', axe.Violations.Select(v => $"{v.Id}: {v.Help} {v.Nodes[0].Html}")));
        }

        Assert.Empty(errors);
        Assert.Empty(phoneErrors);
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "react-dark.png") });
            await phone.ScreenshotAsync(new() { Path = Path.Combine(folder, "react-phone-ar.png") });
        }
    }

    private static async Task<string> BuildAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vox-stranger").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Npm.Node, "stranger"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Path.Combine(Npm.Node, "stranger"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await Npm.RunAsync(
            folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error",
            await Npm.PackAsync("chat", folder), await Npm.PackAsync("react", folder));
        await Npm.RunAsync(folder, "npm", "run", "build", "--silent");
        return Path.Combine(folder, "dist");
    }

    private async Task<(IPage Page, List<string> Errors)> OpenAsync(
        IBrowserContext context, string dist, TestProject project, string user, string with, string locale)
    {
        await context.RouteAsync(Site + "/**", route =>
        {
            var path = new Uri(route.Request.Url).AbsolutePath;
            return route.FulfillAsync(new() { Path = Path.Combine(dist, path == "/" ? "index.html" : path[1..]) });
        });
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        var server = Uri.EscapeDataString(backends.App.Address.ToString());
        await page.GotoAsync($"{Site}/?server={server}&project={project.Id}&user={user}&with={with}&locale={locale}");
        return (page, errors);
    }
}
