using Microsoft.Playwright;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests;

/// <summary>The documentation as pages.</summary>
public sealed class DocsTests(Backends backends, Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1_360)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Docs_SearchedByKeyboard_LeadsToThePlaceWithoutAnythingFromElsewhere(ColorScheme scheme, int width)
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var context = await browser.NewContextAsync(new()
        {
            Locale = "en-US",
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 800 },
        });
        var page = await context.NewPageAsync();
        var elsewhere = new List<string>();
        var errors = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(app.Address.ToString(), StringComparison.Ordinal))
            {
                elsewhere.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };

        await page.GotoAsync(new Uri(app.Address, "/docs/").ToString());
        Assert.Empty(await Axe.FindingsAsync(page, "docs"));
        await page.Keyboard.PressAsync("/");
        var search = page.GetByRole(AriaRole.Searchbox);
        await Expect(search).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("weak_password");
        await Expect(page.Locator("#found a").First).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindingsAsync(page, "search of the docs"));
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#found a").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "weak_password" }).First).ToBeVisibleAsync();
        foreach (var path in (string[])[
            "/docs/api/", "/docs/sdk/", "/docs/live-events/", "/docs/errors/weak_password/", "/docs/decisions/0001-one-worker-two-hosts/"])
        {
            await page.GotoAsync(new Uri(app.Address, path).ToString());
            Assert.Empty(await Axe.FindingsAsync(page, path));
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        Assert.Empty(elsewhere);
        Assert.Empty(errors);
    }
}
