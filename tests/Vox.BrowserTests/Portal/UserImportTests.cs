using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>The import of users from a file in the portal, and what other pages of the portal show of keys and invoices.</summary>
public sealed class UserImportTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Import_QuotedSemicolonsAndBadRows_AreReadAndReported()
    {
        var (page, client, project) = await OpenAsync("users");
        var rows = string.Concat(Enumerable.Range(1, 120).Select(i => $"secret word {i};;user{i:D3}\r\n"));
        await ChooseAsync(
            page, "Password;Note;Username\r\n\"a;b\"\"c and d\";\"two\r\nlines\";anna\r\n" + rows
                + "\r\n;;no password\r\nsecret word;;anna\r\n");

        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();

        await page.GetByText("Finished: ").WaitForAsync(new() { Timeout = 120_000 });
        var dialog = page.GetByRole(AriaRole.Dialog);
        var status = await dialog.GetByRole(AriaRole.Status).TextContentAsync();
        Assert.Contains("121 users created, 2 rows refused", status, StringComparison.Ordinal);
        var download = await page.RunAndWaitForDownloadAsync(
            () => dialog.GetByRole(AriaRole.Button, new() { Name = "Download refused rows" }).ClickAsync());
        var report = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Contains("\r\n125,no password,missing_field,", report, StringComparison.Ordinal);
        Assert.Contains("\r\n126,anna,user_exists,", report, StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.GetByRole(AriaRole.Cell, new() { Name = "anna", Exact = true }).WaitForAsync();
        Assert.Equal(121, (await client.GetAsync($"projects/{project}")).GetProperty("users").GetInt32());
        var anna = new TestProject(portal.App, project, "");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await new TestUser(anna, "anna", "a;b\"c and d").PostLogInAsync()).StatusCode);
    }

    public static TheoryData<string, byte[]> ExcelFiles => new()
    {
        { "sep line", Encoding.UTF8.GetBytes("sep=;\r\nUsername;Password\r\nMüller;grün,12345\r\n") },
        { "sep line in quotes, with a mark", WithMark(Encoding.UTF8, "\"sep=|\"\nusername|password\nMüller|grün,12345\n") },
        { "sep line with a tab", Encoding.UTF8.GetBytes("SEP=\t\nusername\tpassword\nMüller\tgrün,12345\n") },
        { "semicolons without a sep line", Encoding.UTF8.GetBytes("username;password\nMüller;grün,12345\n") },
        { "tabs without a sep line", Encoding.UTF8.GetBytes("Password\tUser name\ngrün,12345\tMüller\n") },
        { "UTF-8 with a mark, quoted header", WithMark(Encoding.UTF8, "\"User Name\",\"Password\"\nMüller,\"grün,12345\"\n") },
        { "no header", Encoding.UTF8.GetBytes("Müller;grün,12345\n") },
        { "UTF-16", WithMark(Encoding.Unicode, "username\tpassword\r\nMüller\tgrün,12345\r\n") },
        { "UTF-16, high byte first", WithMark(Encoding.BigEndianUnicode, "login,password\nMüller,\"grün,12345\"\n") },
        { "Windows-1252", Encoding.Latin1.GetBytes("sep=;\r\nLogin-ID;Password\r\nMüller;grün,12345\r\n") },
    };

    [Theory]
    [MemberData(nameof(ExcelFiles))]
    public async Task Import_FileAsExcelWritesIt_MakesTheOneUserOfIt(string name, byte[] file)
    {
        var (page, client, project) = await OpenAsync("users");
        await ChooseAsync(page, file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();

        await page.GetByText("Finished: ").WaitForAsync();
        var users = (await client.GetAsync($"projects/{project}/users")).GetProperty("users").EnumerateArray();
        Assert.True(users.Select(user => user.GetProperty("username").GetString()!).SequenceEqual(["Müller"]), name);
        var imported = new TestProject(portal.App, project, "");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await new TestUser(imported, "Müller", "grün,12345").PostLogInAsync()).StatusCode);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Import_FiftyThousandRows_AreSentInPortionsAndGoOnAfterABreak()
    {
        var (page, _, _) = await OpenAsync("users");
        var lines = new List<int>();
        var portions = 0;
        // The server's part, with its cost of hashing, has its own tests.
        await page.RouteAsync("**/users/import", async route =>
        {
            var rows = JsonSerializer.Deserialize<JsonElement>(route.Request.PostData!).GetProperty("rows").EnumerateArray().ToList();
            Assert.InRange(rows.Count, 1, 100);
            // One answer is lost, once.
            if (++portions == 250)
            {
                await route.AbortAsync();
                return;
            }

            lines.AddRange(rows.Select(row => row.GetProperty("line").GetInt32()));
            await route.FulfillAsync(
                new() { ContentType = "application/json", Body = $$"""{"created":{{rows.Count}},"present":0,"refused":[]}""" });
        });
        var file = new StringBuilder("username,password\n");
        for (var i = 1; i <= 50_010; i++)
        {
            file.Append($"user{i},secret{i}\n");
        }

        await ChooseAsync(page, file.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();

        await page.GetByText("Stopped after 50,000 rows").WaitForAsync(new() { Timeout = 120_000 });
        Assert.Contains(
            "50,000 users created",
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Status).TextContentAsync(),
            StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(2, 50_000), lines);
        Assert.Equal(501, portions);
    }

    [Theory]
    [InlineData("username,password\n\"anna,secret\nben,secret\n", "is never closed")]
    [InlineData("username,name\nanna,Anna\n", "no column")]
    [InlineData("username,password\n", "The file has no rows")]
    public async Task Import_FileThatIsNone_SaysWhy(string file, string message)
    {
        var (page, client, project) = await OpenAsync("users");
        await ChooseAsync(page, file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();

        await page.GetByRole(AriaRole.Alert).GetByText(new Regex(Regex.Escape(message))).WaitForAsync();
        Assert.Empty((await client.GetAsync($"projects/{project}/users")).GetProperty("users").EnumerateArray());
    }

    [Fact]
    public async Task ProjectSettings_AndroidKey_IsStoredShownWithoutItsTextAndRemoved()
    {
        var (page, _, _) = await OpenAsync("settings");
        var key = "AAAA" + new string('k', 140);
        await page.GetByText("Server key", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Server key" }).FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Store Android key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replace the Android key" }).WaitForAsync();
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);

        // A broken file is refused with the reason.
        await page.Locator("input[type=file]").First.SetInputFilesAsync(
            new FilePayload { Name = "push.p12", MimeType = "application/x-pkcs12", Buffer = [1, 2, 3] });
        await page.GetByRole(AriaRole.Button, new() { Name = "Store iOS file" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("neither a .p12 nor a .p8").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the Android key" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Store Android key" }).WaitForAsync();
    }

    [Fact]
    public async Task Credits_Payment_HasAnInvoiceThatCanBePrinted()
    {
        var (page, client, project) = await OpenAsync(null);
        var id = (await client.PostJsonAsync($"projects/{project}/payments", new { amount = 50, agreed = true, key = "k" }))
            .GetProperty("paymentId").GetString();
        await client.DoAsync(HttpMethod.Post, $"projects/{project}/payments/{id}/sandbox", new { paid = true });
        await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project}/credits").ToString());

        await page.GetByRole(AriaRole.Link, new() { Name = "-000001" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "Invoice" }).WaitForAsync();
        await page.GetByText("Analytical Engines").WaitForAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await page.GetByText("Print or save as PDF").IsVisibleAsync());
        Assert.False(await page.GetByRole(AriaRole.Navigation).IsVisibleAsync());
        Assert.True(await page.GetByText("Analytical Engines").IsVisibleAsync());
    }

    [Fact]
    public async Task Credits_NobodySetUpPayments_PageSaysSoAndOffersNoPayment()
    {
        await using var app = await portal.StartAsync(settings: ["Billing:Sandbox="]);
        var (page, client, project) = await OpenAsync("credits", app);

        await page.GetByRole(AriaRole.Alert).GetByText("Payments are not set up").WaitForAsync();
        Assert.Equal(0, await page.GetByLabel("Amount").CountAsync());
        client.Dispose();
        await page.Context.CloseAsync();
    }

    private static byte[] WithMark(Encoding encoding, string text) => [.. encoding.Preamble, .. encoding.GetBytes(text)];

    private static Task ChooseAsync(IPage page, string file) => ChooseAsync(page, Encoding.UTF8.GetBytes(file));

    private static async Task ChooseAsync(IPage page, byte[] file)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Import CSV" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "users.csv", MimeType = "text/csv", Buffer = file });
    }

    /// <summary>A page of a new project, with the session of a new developer.</summary>
    private async Task<(IPage Page, PortalClient Client, string Project)> OpenAsync(string? at, VoxApp? through = null)
    {
        var app = through ?? portal.App;
        var client = await portal.NewDeveloperAsync(app);
        var project = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;
        var context = await browser.NewContextAsync(new() { AcceptDownloads = true, Locale = "en-US" });
        await context.AddCookiesAsync(client.Cookies.GetAllCookies().Select(cookie => new Microsoft.Playwright.Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Url = app.Address.ToString(),
            HttpOnly = cookie.HttpOnly,
        }));
        var page = await context.NewPageAsync();
        if (at is not null)
        {
            await page.GotoAsync(new Uri(app.Address, $"/portal/projects/{project}/{at}").ToString());
        }

        return (page, client, project);
    }
}
