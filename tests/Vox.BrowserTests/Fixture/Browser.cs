using Microsoft.Playwright;
using Vox.Tests.Fixture;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Vox.Tests.Fixture;

/// <summary>One Chromium for all tests; each user has a context, which is a browser profile of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async ValueTask InitializeAsync()
    {
        // A machine that is busy with the other tests is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = await Chromium.FindAsync(), Args = Chromium.Flags });
    }

    public Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null) => chromium!.NewContextAsync(options);

    /// <summary>An empty page of the app's origin that has the SDK's script tag.</summary>
    public async Task<ChatPage> OpenAsync(Uri app, IBrowserContext? context = null) =>
        await ChatPage.OpenAsync(context ?? await NewContextAsync(), app);

    /// <summary>A page on which the user is logged in, in a profile of their own.</summary>
    public async Task<ChatPage> LogInAsync(TestUser user, Uri? app = null)
    {
        var page = await OpenAsync(app ?? user.Project.App.Address);
        await page.LogInAsync(user);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
        {
            await chromium.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
