using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Vox.SignalREmulation;

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
        app = await VoxApp.StartAsync(
            backends, [$"Demo:File={Path.Combine(folder, "demo.json")}", $"AzureSignalRConnectionString={SignalR.ConnectionString}"]);
        SignalR.SetUpstream(new Uri(Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
    }

    /// <summary>A project with these users, whose password is <c>secret</c>.</summary>
    public async Task<TestProject> CreateProjectAsync(params string[] users)
    {
        var project = await app.CreateProjectAsync();
        foreach (var user in users)
        {
            await project.CreateUserAsync(user);
        }

        return project;
    }

    /// <summary>Another app on the same storage, whose clock is behind: what is sent through it was sent then.</summary>
    internal Task<VoxApp> StartEarlierAsync(TimeSpan ago) => VoxApp.StartAsync(
        backends, [], builder => builder.Services.AddSingleton<TimeProvider>(new MovingClock(-ago)), app.TablePrefix);

    /// <summary>
    /// Opens the demo page. A test that needs a project for itself gives a <paramref name="project"/> instead of the demo project.
    /// </summary>
    /// <param name="script">Runs before the page's own.</param>
    public async Task<IPage> OpenAsync(
        int width = 1_360,
        int height = 850,
        TestProject? project = null,
        ColorScheme scheme = ColorScheme.Light,
        bool phone = false,
        string? script = null)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = phone,
            DeviceScaleFactor = phone ? 2 : 1,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        if (script is not null)
        {
            await page.AddInitScriptAsync(script);
        }

        if (project is not null)
        {
            var config = System.Text.Json.JsonSerializer.Serialize(new
            {
                projectId = project.Id,
                users = new[] { new { username = "alice", password = "secret" }, new { username = "bob", password = "secret" } },
            });
            await page.RouteAsync(
                "**/demo/config.json", route => route.FulfillAsync(new() { ContentType = "application/json", Body = config }));
        }

        await page.GotoAsync(new Uri(Address, "/demo").ToString());
        return page;
    }

    /// <summary>Alice and Bob beside each other, logged in.</summary>
    public async Task<(IPage Page, DemoPane Alice, DemoPane Bob)> MeetAsync(TestProject project)
    {
        var page = await OpenAsync(project: project);
        var (alice, bob) = (new DemoPane(page, 0), new DemoPane(page, 1));
        await alice.LogInAsync("alice");
        await bob.LogInAsync("bob");
        return (page, alice, bob);
    }

    /// <summary>Takes a screenshot. To get the screenshots, set VOX_SCREENSHOTS to a folder.</summary>
    public static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"demo-{name}.png") });
        }
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

    /// <param name="password">Needed when the page does not know it.</param>
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

    /// <summary>Opens the dialog about the group whose conversation is open.</summary>
    public async Task OpenGroupInfoAsync()
    {
        await Root.GetByRole(AriaRole.Button, new() { Name = "Conversation", Exact = true }).ClickAsync();
        await Root.GetByRole(AriaRole.Menuitem, new() { Name = "Group info" }).ClickAsync();
        await Assertions.Expect(Root.Locator(".member").First).ToBeVisibleAsync();
    }

    public async Task OfMemberAsync(string member, string action)
    {
        await Root.GetByRole(AriaRole.Button, new() { Name = "Member " + member, Exact = true }).ClickAsync();
        await Root.GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }

    /// <summary>
    /// Clicks a button of the group's dialog that asks for confirmation, and confirms. The dialog closes when the server has done it.
    /// </summary>
    public async Task EndAsync(string action)
    {
        await Root.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
        await Root.Locator("dialog .destructive", new() { HasText = action }).ClickAsync();
        await Assertions.Expect(Root.Locator("dialog")).ToHaveCountAsync(0);
    }

    public Task CloseDialogAsync() => Root.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

    public Task SeesTicksAsync(string label)
        => Assertions.Expect(Messages.Last.Locator($".ticks[aria-label='{label}']")).ToBeVisibleAsync();
}
