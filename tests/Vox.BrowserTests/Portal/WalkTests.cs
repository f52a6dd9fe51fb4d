using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using MiniExcelLibs;
using Vox.Chat.Usage;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>The vendor's guide from its first page, as a new customer.</summary>
public sealed class WalkTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    /// <summary>The second user costs 3 in 30 days, so that a small bill has figures that can be compared.</summary>
    private const string Prices = "Billing:UserPrices=1:0 *:3";

    [Fact]
    public async Task Guide_FromSignUpToUsageHistory_WorksForANewCustomer()
    {
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await portal.StartAsync(settings: ["Projects:CacheSeconds=1", Prices, signalR.Setting]);
        signalR.ReportTo(app);
        await using var context = await browser.NewContextAsync(new() { AcceptDownloads = true, Locale = "en-US" });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var errors = new ConcurrentQueue<string>();
        context.WebError += (_, error) => errors.Enqueue(error.Error);
        context.Console += (_, message) =>
        {
            // The first request for a session finds none. Browsers report that as an error.
            if (message.Type == "error" && !message.Text.Contains("401", StringComparison.Ordinal))
            {
                errors.Enqueue(message.Text);
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
        // The widget draws over its own checkbox.
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
        await Link("Overview").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => Link("View pricing").ClickAsync());
        await using var sheet = File.OpenRead((await download.PathAsync())!);
        var prices = sheet.Query(useHeaderRow: true, sheetName: "Pricing").Cast<IDictionary<string, object>>().ToList();

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

        // The new users chat in the demo that the portal links to
        await Link("Quick start").ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "CS.*" }).ClickAsync();
        await page.GetByText($"appId: \"{projectId}\"").WaitForAsync();
        var demo = await context.RunAndWaitForPageAsync(() => Link("Open the demo as alice and bob").ClickAsync());
        Assert.DoesNotContain("secret", demo.Url, StringComparison.Ordinal);
        var (alice, bob) = (new DemoPane(demo, 0), new DemoPane(demo, 1));
        await alice.LogInAsync("alice", "secret-alice");
        await bob.LogInAsync("bob", "secret-bob");
        await alice.OpenAsync("bob");
        await alice.SendAsync("Hello from my shop");
        await alice.SeesTicksAsync("Delivered");
        await bob.Rows.First.ClickAsync();
        await Expect(bob.Messages.Last).ToContainTextAsync("Hello from my shop");
        await alice.SeesTicksAsync("Read");

        // 3.12 d–f Dashboard, settings, usage history
        await app.SettleAsync(projectId!);
        await Link("Usage History").ClickAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "Hello from my shop" }).WaitForAsync();
        await Link("Dashboard").ClickAsync();
        await page.GetByText("Table", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(
            new()
            {
                HasText = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
                    .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            })
            .GetByRole(AriaRole.Cell, new() { Name = "1", Exact = true }).First.WaitForAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("$50.00");

        // The bill of the first days: the charges that are booked match the spreadsheet
        var project = new TestProject(app, projectId!, authToken!);
        await ChargeAsync(app, days: 2);
        var charges = await app.Get<LedgerStore>().ChargesAsync(projectId!, DateOnly.MinValue, DateOnly.MaxValue, CancellationToken.None);
        Assert.InRange(charges.Count, 2, 3);
        Assert.All(charges, charge =>
        {
            Assert.Equal(2, charge.Users);
            Assert.Equal(Daily("Users", charge.Users), charge.UserCharge);
            Assert.Equal(Daily("Storage", charge.Bytes / 1_000_000_000m), charge.StorageCharge);
            Assert.Equal(0.1m, charge.Total);
        });
        var left = 50 - charges.Sum(charge => charge.Total);
        Assert.Equal(left, await app.Get<LedgerStore>().BalanceAsync(projectId!, CancellationToken.None) / LedgerStore.Scale);
        await Link("Credits").ClickAsync();
        foreach (var charge in charges)
        {
            await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"Charge for {charge.Day:yyyy-MM-dd}: 2 users" })
                .GetByRole(AriaRole.Cell, new() { Name = "-$0.10", Exact = true })).ToHaveCountAsync(1);
        }

        await Expect(page.GetByText($"${left:0.00}", new() { Exact = true }).First).ToBeVisibleAsync();

        // Without the log
        await Link("Settings").ClickAsync();
        await page.GetByLabel("Disable").CheckAsync();
        await Button("Update").ClickAsync();
        await page.GetByText("Settings saved").WaitForAsync();
        await alice.SendAsync("Not for the log");
        await Expect(bob.Messages.Last).ToContainTextAsync("Not for the log");
        await new TestUser(project, "alice", "secret-alice").SendChatAsync("bob", "Nor this");
        await Expect(bob.Messages.Last).ToContainTextAsync("Nor this");
        await app.SettleAsync(projectId!);
        Assert.Equal("Hello from my shop", Assert.Single(await project.HistoryAsync()).Data);
        await Link("Usage History").ClickAsync();
        await page.GetByText("Chat logs are disabled").WaitForAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Hello from my shop" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        Assert.Empty(errors);

        // Calculates as a customer with the spreadsheet would: each unit at the price of its row, and a 30th of that for a day.
        decimal Daily(string item, decimal units)
        {
            decimal month = 0;
            foreach (var row in prices.Where(row => (string)row["Item"] == item))
            {
                var from = item == "Users" ? Math.Max(0, Number(row["From"]) - 1) : Number(row["From"]);
                var to = row["To"] is string ? units : Math.Min(units, Number(row["To"]));
                month += Math.Max(0, to - from) * Number(row.Single(cell => cell.Key.StartsWith("Price", StringComparison.Ordinal)).Value);
            }

            return Math.Round(month / 30, 4, MidpointRounding.AwayFromZero);
        }

        static decimal Number(object cell) => Convert.ToDecimal(cell, CultureInfo.InvariantCulture);

        ILocator Link(string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });
        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });
        ILocator Heading(string name) => page.GetByRole(AriaRole.Heading, new() { Name = name });
    }

    /// <summary>Acts as if that many days had passed. The timer for the charges runs in an app whose clock is ahead.</summary>
    private async Task ChargeAsync(VoxApp app, int days)
    {
        await app.Get<UsageCounters>().FlushAsync(CancellationToken.None);
        var clock = PortalApp.Clock();
        clock.Advance(TimeSpan.FromDays(days));
        await using var later = await portal.StartAsync(clock, app.TablePrefix, Prices);
        await later.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
    }
}
