using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>
/// The texts of the quick start, taken from the page and pasted in order: into a fresh shell, into files, into pages of a site.
/// </summary>
public sealed class QuickStartTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    private const string Site = "http://customer.example";

    private static string Repository { get; } = Path.GetFullPath(Path.Combine(
        typeof(QuickStartTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Vox.WebSdkFolder").Value!,
        "../.."));

    [Theory]
    [InlineData("curl", "Hello from curl")]
    [InlineData("Node", "alice Hello from Node")]
    [InlineData(".NET", "alice Hello from .NET")]
    public async Task ServerTab_PastedInOrderIntoAFreshShell_SendsAMessage(string tab, string expected)
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        await using var context = await ContextAsync(client);
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await OpenAsync(context, project);
        await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create an API key" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Your API key" })).ToBeVisibleAsync();

        var texts = await TextsAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy: " + texts[0].Label }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy: " + texts[0].Label })).ToBeVisibleAsync();
        Assert.Equal(texts[0].Text, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        var said = await PasteAsync(texts);

        Assert.True(said.Contains(expected, StringComparison.Ordinal), said);
        // The key is nowhere but on this page.
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Create an API key" })).ToBeVisibleAsync();
        Assert.Contains("vox_sk_…", (await TextsAsync(page))[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrowserTabs_ByKeyboardAndPastedIntoPages_MessagesArriveLive()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        await project.CreateUserAsync("alice");
        await using var context = await ContextAsync(client);
        var page = await OpenAsync(context, project);

        await page.GetByRole(AriaRole.Tab, new() { Name = "curl" }).FocusAsync();
        foreach (var name in (string[])["Node", ".NET", "Browser module"])
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await Expect(page.GetByRole(AriaRole.Tab, new() { Name = name })).ToBeFocusedAsync();
            await Expect(page.GetByRole(AriaRole.Tab, new() { Name = name, Selected = true })).ToBeVisibleAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Create two users" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Two users to try with" })).ToBeVisibleAsync();
        var module = (await TextsAsync(page)).Single().Text;
        // Alice existed, so another one was made.
        var alice = Found(module, "\"(?<it>alice-[0-9a-f]{6})\"");
        var password = Found(module, "loginId, \"(?<it>[0-9a-f]{16})\"");
        var log = (await PageOfSiteAsync(context, "module.html", module)).Locator("#log");
        await Expect(log).ToContainTextAsync("bob has got: Hello from the module");
        await Expect(log).ToContainTextAsync($"{alice} has got: Hello back");

        await page.BringToFrontAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "CS.*" }).ClickAsync();
        log = (await PageOfSiteAsync(context, "callbacks.html", (await TextsAsync(page)).Single().Text)).Locator("#log");
        await Expect(log).ToContainTextAsync("accepted 200");
        var bob = await new TestUser(project, "bob", password).LogInAsync();
        await bob.PostJsonAsync("/api/v1/messages", new { to = alice, data = "To the callbacks", clientMessageId = "m" });
        await Expect(log).ToContainTextAsync("bob wrote: To the callbacks");
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, false)]
    [InlineData("phone-dark", ColorScheme.Dark, true)]
    public async Task EveryTab_IsAccessibleAndFits(string name, ColorScheme scheme, bool phone)
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        await using var context = await ContextAsync(client, scheme, phone);
        var page = await OpenAsync(context, project);
        var findings = new List<string>();
        foreach (var tab in (string[])["curl", "Node", ".NET", "Browser module", "CS.*"])
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Region)).Not.ToHaveCountAsync(0);
            if (tab is ".NET" or "CS.*")
            {
                await page.GetByRole(AriaRole.Tabpanel).GetByText(tab == ".NET" ? "Create an API key" : "Create two users").ClickAsync();
                await Expect(page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Status)).ToBeVisibleAsync();
            }

            findings.AddRange(await Axe.FindingsAsync(page, $"{name} {tab}"));
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > (phone ? 390 : 1_360))
            {
                findings.Add($"{name} {tab}: {wide} pixels wide");
            }

            if (Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                var file = tab.Replace("*", "", StringComparison.Ordinal).Trim('.').Replace(' ', '-');
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"quick-start-{name}-{file}.png"), FullPage = true });
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static string Found(string text, string pattern) =>
        Regex.Match(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["it"].Value;

    private static async Task<List<(string Label, string Text)>> TextsAsync(IPage page)
    {
        var texts = new List<(string, string)>();
        foreach (var text in await page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Region).AllAsync())
        {
            texts.Add((await text.GetAttributeAsync("aria-label") ?? "", await text.TextContentAsync() ?? ""));
        }

        Assert.NotEmpty(texts);
        return texts;
    }

    /// <summary>One fresh shell in an empty folder. A text whose label is the name of a file goes into the file.</summary>
    private static async Task<string> PasteAsync(List<(string Label, string Text)> texts)
    {
        var folder = Directory.CreateTempSubdirectory("vox-quick-start-").FullName;
        try
        {
            var script = new StringBuilder("set -eo pipefail\n");
            foreach (var (label, text) in texts)
            {
                var here = text.Replace("$HOME/voxfunctions", Repository.TrimEnd('/'), StringComparison.Ordinal);
                var isFile = Path.HasExtension(label) && !label.Contains(' ', StringComparison.Ordinal);
                script.Append(isFile ? $"cat > '{label}' <<'VOX_END'\n{here}\nVOX_END\n" : here + "\n");
            }

            // Not from the standard input: what runs in the shell would read it.
            var file = folder + ".sh";
            await File.WriteAllTextAsync(file, script.ToString());
            var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", file])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var shell = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            var output = shell.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = shell.StandardError.ReadToEndAsync(limit.Token);
            shell.StandardInput.Close();
            try
            {
                await shell.WaitForExitAsync(limit.Token);
            }
            finally
            {
                if (!shell.HasExited)
                {
                    shell.Kill(entireProcessTree: true);
                }
            }

            Assert.True(shell.ExitCode == 0, await output + await errors);
            return await output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(folder + ".sh");
        }
    }

    private static async Task<IPage> PageOfSiteAsync(IBrowserContext context, string name, string text)
    {
        await context.RouteAsync($"{Site}/{name}", route => route.FulfillAsync(new() { ContentType = "text/html", Body = text }));
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Site}/{name}");
        return page;
    }

    private async Task<TestProject> NewProjectAsync(PortalClient client)
    {
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        return new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
    }

    private async Task<IBrowserContext> ContextAsync(PortalClient client, ColorScheme scheme = ColorScheme.Light, bool phone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            Locale = "en-US",
            ViewportSize = phone ? new() { Width = 390, Height = 780 } : new() { Width = 1_360, Height = 850 },
            IsMobile = phone,
            HasTouch = phone,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(60_000);
        await context.AddCookiesAsync(client.Cookies.GetAllCookies().Select(cookie => new Microsoft.Playwright.Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Url = portal.App.Address.ToString(),
            HttpOnly = cookie.HttpOnly,
        }));
        return context;
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, TestProject project)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project.Id}/quick-start").ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Quick start" })).ToBeVisibleAsync();
        return page;
    }
}
