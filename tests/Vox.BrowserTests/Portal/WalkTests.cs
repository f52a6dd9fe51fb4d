using System.Globalization;
using Microsoft.Playwright;
using MiniExcelLibs;
using Vox.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>The vendor's guide from its first page, as a new customer.</summary>
public sealed class WalkTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Guide_FromSignUpToUsageHistory_WorksForANewCustomer()
    {
        await using var app = await portal.StartAsync(settings: "Projects:CacheSeconds=1");
        await using var context = await browser.NewContextAsync(new() { AcceptDownloads = true, Locale = "en-US" });
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            // The first look for a session finds none, which browsers report as an error.
            if (message.Type == "error" && !message.Text.Contains("401", StringComparison.Ordinal))
            {
                errors.Add(message.Text);
            }
        };
        var email = PortalApp.NewEmail();

        // 2.1 Sign up
        await page.GotoAsync(new Uri(app.Address, "/portal/").ToString());
        await Link("Sign up now").ClickAsync();
        await page.GetByLabel("Name").FillAsync("Ada <script>alert(1)</script>");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Phone").FillAsync("+44 20 7946 0018");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        // The widget draws over its own box.
        await page.Locator("altcha-widget input[type=checkbox]").ClickAsync(new() { Force = true });
        await page.GetByText("Verified").WaitForAsync();
        await page.GetByLabel("I have read").CheckAsync();
        await Button("Sign up").ClickAsync();
        await Heading("Check your e-mail").WaitForAsync();
        var token = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));
        await page.GotoAsync(new Uri(app.Address, "/portal/activate?token=" + token).ToString());
        await Button("Activate account").ClickAsync();

        // 2.2 Sign in with a second factor, create a project
        await Link("Sign in").ClickAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await Button("Sign in").ClickAsync();
        await page.GetByLabel("Code").FillAsync(PortalApp.CodeOf(await portal.MailAsync(email, "sign-in code")));
        await Button("Sign in").ClickAsync();
        await Button("Create project").First.ClickAsync();
        await page.GetByLabel("Project name").FillAsync("Web shop");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await page.GetByText("I have stored the auth token").ClickAsync();
        var projectId = await dialog.Locator("code").Nth(0).TextContentAsync();
        var authToken = await dialog.Locator("code").Nth(1).TextContentAsync();
        await Button("Done").ClickAsync();
        await Heading("Dashboard").WaitForAsync();

        // 2.3 Credits and pricing
        await Link("Credits").ClickAsync();
        await page.GetByLabel("Amount").FillAsync("50");
        await page.GetByLabel("I agree to").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Button("Pay").ClickAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "$50.00" }).First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Overview", Exact = true }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => Link("View pricing").ClickAsync());
        await using var sheet = File.OpenRead((await download.PathAsync())!);
        var prices = sheet.Query(useHeaderRow: true, sheetName: "Pricing").Cast<IDictionary<string, object>>()
            .Where(row => (string)row["Item"] == "Users").ToList();
        var charge = app.Get<PriceList>().ChargeOf(new DateOnly(2026, 1, 1), 1_000, 0).Total;
        var second = Convert.ToDecimal(prices[1].Single(cell => cell.Key.StartsWith("Price", StringComparison.Ordinal)).Value, CultureInfo.InvariantCulture);
        Assert.Equal(Math.Round(900 * second / 30, 4), charge);

        // 3.1 e Users
        await Link("Project Users").ClickAsync();
        foreach (var name in (string[])["alice", "bob"])
        {
            await Button("Add a new user").First.ClickAsync();
            await page.GetByLabel("Username").FillAsync(name);
            await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("secret-" + name);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
            await page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true }).WaitForAsync();
        }

        // The customer's own app
        var project = new TestProject(app, projectId!, authToken!);
        var alice = new TestUser(project, "alice", "secret-alice");
        await alice.SendChatAsync("bob", "Hello from my shop");

        // 3.12 d–f Dashboard, settings, usage history
        await Link("Usage History").ClickAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "Hello from my shop" }).WaitForAsync();
        await Link("Dashboard").ClickAsync();
        await page.GetByText("Table", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) })
            .GetByRole(AriaRole.Cell, new() { Name = "1", Exact = true }).First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByLabel("Disable").CheckAsync();
        await Button("Update").ClickAsync();
        await page.GetByText("Settings saved").WaitForAsync();
        await alice.SendChatAsync("bob", "Not for the log");
        Assert.Equal("Hello from my shop", Assert.Single(await project.HistoryAsync()).Data);
        await Link("Usage History").ClickAsync();
        await page.GetByText("Chat logs are disabled").WaitForAsync();
        Assert.Equal(0, await page.GetByText("Not for the log").CountAsync());
        Assert.Empty(errors);

        ILocator Link(string name) => page.GetByRole(AriaRole.Link, new() { Name = name });
        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });
        ILocator Heading(string name) => page.GetByRole(AriaRole.Heading, new() { Name = name });
    }
}
