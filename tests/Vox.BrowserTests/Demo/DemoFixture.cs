using Microsoft.Playwright;
using Vox.Local.SignalR;

namespace Vox.Tests.Fixture;

/// <summary>An app with the demo project, as a developer starts it.</summary>
public sealed class DemoFixture(Backends backends, Browser browser) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("vox-demo").FullName;
    private VoxApp app = null!;

    public Uri Address => app.Address;

    internal SignalREmulator SignalR { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        SignalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        app = await VoxApp.StartAsync(backends, [$"Demo:File={Path.Combine(folder, "demo.json")}", $"AzureSignalRConnectionString={SignalR.ConnectionString}"]);
        SignalR.SetUpstream(new Uri(Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
    }

    public Task<TestProject> CreateProjectAsync() => app.CreateProjectAsync();

    /// <summary>The demo page; <paramref name="project"/> instead of the demo project, when a test wants one for itself.</summary>
    public async Task<IPage> OpenAsync(int width = 1_360, int height = 850, TestProject? project = null, ColorScheme scheme = ColorScheme.Light, bool phone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, HasTouch = phone, DeviceScaleFactor = phone ? 2 : 1,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        if (project is not null)
        {
            var config = System.Text.Json.JsonSerializer.Serialize(new
            {
                projectId = project.Id,
                users = new[] { new { username = "alice", password = "secret" }, new { username = "bob", password = "secret" } },
            });
            await page.RouteAsync("**/demo/config.json", route => route.FulfillAsync(new() { ContentType = "application/json", Body = config }));
        }

        await page.GotoAsync(new Uri(Address, "/demo").ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await SignalR.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One user's pane of the demo page.</summary>
public sealed class DemoPane(IPage page, int index)
{
    public ILocator Root { get; } = page.Locator(".pane").Nth(index);

    public ILocator Messages => Root.Locator(".message");

    public ILocator Rows => Root.Locator(".row");

    public ILocator Field => Root.Locator(".composer textarea");

    /// <param name="password">When the page does not know it.</param>
    public async Task LogInAsync(string user, string? password = null)
    {
        await Root.Locator(".choice", new() { HasTextString = user }).ClickAsync();
        if (password is not null)
        {
            await Root.GetByLabel("Password").FillAsync(password);
        }

        await Root.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await Assertions.Expect(Root.Locator(".me .is-online")).ToBeVisibleAsync();
    }

    public async Task OpenAsync(string peer)
    {
        await Root.Locator(".find input").FillAsync(peer);
        await Root.Locator(".find input").PressAsync("Enter");
        await Assertions.Expect(Field).ToBeVisibleAsync();
    }

    public async Task SendAsync(string text)
    {
        await Field.FillAsync(text);
        await Field.PressAsync("Enter");
    }

    public Task SeesTicksAsync(string label) => Assertions.Expect(Messages.Last.Locator($".ticks[aria-label='{label}']")).ToBeVisibleAsync();
}
