using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>
/// Every page of the portal and the demo, light and dark, on a desktop and a phone. There is nothing that axe-core calls serious, and
/// nothing is wider than the screen. Set VOX_SCREENSHOTS to a folder to get screenshots.
/// </summary>
public sealed class LooksTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    /// <summary>A dark phone combines the colours and the layout of the others, so it is only for screenshots.</summary>
    public static TheoryData<string, ColorScheme, bool> Screens => Folder is null
        ? new() { { "light", ColorScheme.Light, false }, { "dark", ColorScheme.Dark, false }, { "phone", ColorScheme.Light, true } }
        : new()
        {
            { "light", ColorScheme.Light, false },
            { "dark", ColorScheme.Dark, false },
            { "phone", ColorScheme.Light, true },
            { "phone-dark", ColorScheme.Dark, true }
        };

    private static string? Folder => Environment.GetEnvironmentVariable("VOX_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task EveryPage_IsAccessibleAndFits(string name, ColorScheme scheme, bool phone)
    {
        var (width, height) = phone ? (390, 780) : (1_360, 850);
        var findings = new List<string>();

        await using (var stranger = (await world.OpenAsync("/portal/", signedIn: false, scheme, width, height, phone)).Context)
        {
            await StrangerAsync(stranger.Pages[0], LookAsync);
        }

        await using (var customer = (await world.OpenAsync("/portal/", signedIn: true, scheme, width, height, phone)).Context)
        {
            await CustomerAsync(customer.Pages[0], LookAsync, phone);
        }

        await using (var user = (await world.OpenAsync(
            $"/demo/?project={world.Project.Id}&user=alice&user=bob", signedIn: false, scheme, width, height, phone)).Context)
        {
            await DemoAsync(user.Pages[0], LookAsync);
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));

        async Task LookAsync(IPage page, string what)
        {
            findings.AddRange(await Axe.FindingsAsync(page, $"{name} {what}"));
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > width)
            {
                findings.Add($"{name} {what}: {wide} pixels wide");
            }

            if (Folder is { } folder)
            {
                Directory.CreateDirectory(folder);
                // The whole page. If it is scrolled to the middle, only the visible part.
                var whole = await page.EvaluateAsync<bool>("scrollY === 0");
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"portal-{name}-{what}.png"), FullPage = whole });
            }
        }
    }

    private async Task StrangerAsync(IPage page, Func<IPage, string, Task> lookAsync)
    {
        await lookAsync(page, "sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await lookAsync(page, "sign-in-error");
        await page.GetByLabel("E-mail").FillAsync(world.Client.Email);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByLabel("Code")).ToBeVisibleAsync();
        await lookAsync(page, "code");
        foreach (var path in (string[])["sign-up", "forgot", "activate?token=x", "reset?token=x", "terms"])
        {
            await world.GoToAsync(page, "/portal/" + path);
            await lookAsync(page, path.Split('?')[0]);
        }

        await page.GotoAsync(new Uri(world.App.Address, "/portal/sign-up").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("short");
        await Expect(page.GetByText("Please enter your name.")).ToBeVisibleAsync();
        await lookAsync(page, "sign-up-errors");
        await world.GoToAsync(page, "/portal/dev-mail");
        await lookAsync(page, "dev-mail");
    }

    private async Task CustomerAsync(IPage page, Func<IPage, string, Task> lookAsync, bool phone)
    {
        await lookAsync(page, "projects");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Project name")).ToBeVisibleAsync();
        await lookAsync(page, "create-project");
        var project = $"/portal/projects/{world.Project.Id}";
        await world.GoToAsync(page, project);
        await Expect(page.Locator("[data-chart] svg.recharts-surface")).ToHaveCountAsync(4);
        await lookAsync(page, "dashboard");
        await page.GetByText("Table", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await lookAsync(page, "dashboard-table");
        foreach (var path in (string[])[
            "quick-start", "users", "overview", "chat-settings", "history", "credits", "api-keys", "webhooks", "before-send", "requests",
            "moderation", "word-lists", "members", "data", "audit", "settings", "api"])
        {
            await world.GoToAsync(page, $"{project}/{path}");
            await lookAsync(page, path);
        }

        await world.GoToAsync(page, $"{project}/api#CreateUser");
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Try CreateUser" })).ToBeVisibleAsync();
        await lookAsync(page, "api-operation");
        await world.GoToAsync(page, $"{project}/users");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a new user" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Username")).ToBeVisibleAsync();
        await lookAsync(page, "add-user");
        await world.GoToAsync(page, $"{project}/users");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import CSV" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("CSV file").First).ToBeVisibleAsync();
        await lookAsync(page, "import-users");
        await world.GoToAsync(page, $"{project}/api-keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create API key" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Name")).ToBeVisibleAsync();
        await lookAsync(page, "create-api-key");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Orders service");
        await page.GetByLabel("users: read").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("I have stored the API key")).ToBeVisibleAsync();
        await lookAsync(page, "new-api-key");
        await page.GetByLabel("I have stored the API key").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await lookAsync(page, "api-key-list");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate Orders service" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("gets a new secret")).ToBeVisibleAsync();
        await lookAsync(page, "rotate-api-key");
        await world.GoToAsync(page, $"{project}/api-keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add issuer" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Issuer").FillAsync("https://login.example.com");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Audience").FillAsync("chat");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Address of the keys").FillAsync("https://login.example.com/keys");
        await lookAsync(page, "add-issuer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "https://login.example.com/keys" })).ToBeVisibleAsync();
        await lookAsync(page, "issuers");
        await world.GoToAsync(page, $"{project}/invoices/1");
        await lookAsync(page, "invoice");

        var payment = await world.Client.PostJsonAsync(
            $"projects/{world.Project.Id}/payments", new { amount = 50, agreed = true, key = Guid.NewGuid().ToString() });
        await world.GoToAsync(page, $"{project}/payment?payment={payment.GetProperty("paymentId").GetString()}");
        await lookAsync(page, "payment");
        foreach (var path in (string[])["users", "history", "credits", "quick-start", "api-keys", "webhooks", "members"])
        {
            await world.GoToAsync(page, $"/portal/projects/{world.EmptyProjectId}/{path}");
            await lookAsync(page, "empty-" + path);
        }

        await world.GoToAsync(page, "/portal/estimate");
        await Expect(page.GetByText("What it is made of")).ToBeVisibleAsync();
        await lookAsync(page, "estimate");
        await world.GoToAsync(page, "/portal/account");
        await lookAsync(page, "account");
        await world.GoToAsync(page, "/portal/invitation?token=x&to=y");
        await lookAsync(page, "invitation");
        await world.GoToAsync(page, $"{project}/user?name=alice");
        await lookAsync(page, "user");
        await world.GoToAsync(page, $"{project}/push");
        await lookAsync(page, "push");
        await world.GoToAsync(page, $"/portal/projects/{world.EmptyProjectId}");
        await lookAsync(page, "new-project");
        if (phone)
        {
            await world.GoToAsync(page, project);
            await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "All projects" })).ToBeVisibleAsync();
            await lookAsync(page, "menu");
        }
    }

    private static async Task DemoAsync(IPage page, Func<IPage, string, Task> lookAsync)
    {
        await lookAsync(page, "demo-login");
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice", "secret");
        await Expect(alice.Rows.First).ToBeVisibleAsync();
        await lookAsync(page, "demo-list");
        await alice.Rows.Filter(new() { HasText = "bob" }).First.ClickAsync();
        await Expect(alice.Messages.First).ToBeVisibleAsync();
        await lookAsync(page, "demo-thread");
    }
}
