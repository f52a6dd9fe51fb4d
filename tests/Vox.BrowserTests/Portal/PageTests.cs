using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>What single pages do, for a customer who has been here for a week.</summary>
public sealed class PageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Dashboard_ChartsTableAndCsv_ShowTheSameFigures()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}");
        await page.GetByLabel("Period").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Last 30 days" }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText((PortalWorld.Messages.Sum() + 2).ToString(CultureInfo.InvariantCulture), new() { Exact = true }).First)
            .ToBeVisibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        var csv = (await File.ReadAllLinesAsync((await download.PathAsync())!, Encoding.UTF8)).Skip(1).Select(line => line.Split(','))
            .ToList();
        Assert.Equal(PortalWorld.Messages.Sum() + 2, csv.Sum(row => int.Parse(row[1], CultureInfo.InvariantCulture)));
        Assert.Equal(6 * 0.3m, csv.Sum(row => decimal.Parse(row[5], CultureInfo.InvariantCulture)));

        // The charts have a bar for each day with a number. Its height matches the number.
        Assert.Equal(Parts(csv, row => row[1]), await BarsAsync("Messages"));
        Assert.Equal(Parts(csv, row => row[5]), await BarsAsync("Spend"));

        await page.GetByText("Table", new() { Exact = true }).ClickAsync();
        foreach (var row in csv)
        {
            var cells = page.GetByRole(AriaRole.Row).Filter(new() { HasText = row[0] }).GetByRole(AriaRole.Cell);
            await Expect(cells.Nth(1)).ToHaveTextAsync(row[1]);
            await Expect(cells.Nth(2)).ToHaveTextAsync(row[2]);
            await Expect(cells.Nth(3)).ToHaveTextAsync(row[3].Length == 0 ? "–" : row[3]);
            await Expect(cells.Nth(4)).ToHaveTextAsync(row[4].Length == 0 ? "–" : row[4] + " B");
            await Expect(cells.Nth(5)).ToHaveTextAsync(
                "$" + decimal.Parse(row[5], CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture));
        }

        await page.Context.CloseAsync();

        // Heights in percent of the highest bar.
        static List<int> Parts(List<string[]> rows, Func<string[], string> column)
        {
            var numbers = rows.ConvertAll(row => decimal.Parse(column(row), CultureInfo.InvariantCulture));
            return [.. numbers.Where(number => number > 0).Select(number => (int)Math.Round(100 * number / numbers.Max()))];
        }

        async Task<List<int>> BarsAsync(string chart)
        {
            var bars = page.Locator($"[data-chart='{chart}'] .recharts-bar-rectangle path");
            await Expect(bars.First).ToBeVisibleAsync();
            var heights = await bars.EvaluateAllAsync<double[]>(
                "bars => bars.map(bar => bar.getBBox().height).filter(height => height > 0)");
            return [.. heights.Select(height => (int)Math.Round(100 * height / heights.Max()))];
        }
    }

    [Fact]
    public async Task Reference_TryOut_CallsTheProjectWithItsIdAndKeepsTheTokenOutOfTheSnippet()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/api");
        await page.GetByLabel("Auth token", new() { Exact = true }).FillAsync(world.Project.Token);
        await page.GetByLabel("Search endpoints").FillAsync("create a user");
        await page.GetByRole(AriaRole.Button, new() { Name = "POST /api/user" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Try CreateUser" });
        await Expect(form.GetByRole(AriaRole.Textbox, new() { Name = "projectid" })).ToHaveValueAsync(world.Project.Id);
        var name = "eve-" + Guid.NewGuid().ToString("N")[..6];
        await form.GetByRole(AriaRole.Textbox, new() { Name = "username" }).FillAsync(name);
        await form.GetByRole(AriaRole.Textbox, new() { Name = "password" }).FillAsync("secret");
        var curl = form.GetByRole(AriaRole.Region, new() { Name = "CreateUser with curl" });
        await Expect(curl).ToContainTextAsync($"projectid={world.Project.Id}&authtoken=AUTH_TOKEN&username={name}");
        await Expect(curl).Not.ToContainTextAsync(world.Project.Token);

        await form.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Status)).ToContainTextAsync("User created");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Status)).ToContainTextAsync("exists already");

        // The client API, as the user who exists now.
        var logIn = page.GetByRole(AriaRole.Form, new() { Name = "Log in as a user" });
        await logIn.GetByLabel("User", new() { Exact = true }).FillAsync(name);
        await logIn.GetByRole(AriaRole.Textbox, new() { Name = "User's password" }).FillAsync("secret");
        await logIn.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(logIn.GetByRole(AriaRole.Status)).ToHaveTextAsync(name);
        await page.GetByLabel("Search endpoints").FillAsync("GetProfile");
        await page.GetByRole(AriaRole.Button, new() { Name = "GET /api/v1/profile" }).ClickAsync();
        var profile = page.GetByRole(AriaRole.Form, new() { Name = "Try GetProfile" });
        await profile.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(profile.GetByRole(AriaRole.Status)).ToContainTextAsync("200");

        // The portal's own API, with the developer's session.
        await page.GetByLabel("Search endpoints").FillAsync("ListProjectUsers");
        await page.GetByRole(AriaRole.Button, new() { Name = "GET /api/portal/v1/projects/{projectId}/users" }).ClickAsync();
        var users = page.GetByRole(AriaRole.Form, new() { Name = "Try ListProjectUsers" });
        await users.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(users.GetByRole(AriaRole.Status)).ToContainTextAsync(name);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Reference_EveryOperationOfTheDocument_CanBeOpened()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/api");
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        var document = JsonSerializer.Deserialize<JsonElement>(await world.App.Http.GetStringAsync("/api/openapi.json"));
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.GetProperty("tags")[0].GetString() != "Operators")
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!).ToList();
        await page.GetByRole(AriaRole.Switch, new() { Name = "Show the portal" }).CheckAsync();
        await Expect(page.Locator("section .mantine-Accordion-item")).ToHaveCountAsync(ids.Count);

        foreach (var id in ids)
        {
            await page.Locator($"#{id} button").First.EvaluateAsync("button => button.click()");
            await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Try " + id, Exact = true })).ToHaveCountAsync(1);
        }

        Assert.Empty(errors);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task History_FilteredByGroup_ShowsTheFileByNameWithALink()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/history");
        await page.GetByLabel("Group").FillAsync("Book club");
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);

        var file = page.GetByRole(AriaRole.Link, new() { Name = "Chapter 1.pdf" });
        using var answer = await world.App.Http.GetAsync(await file.GetAttributeAsync("href"));
        Assert.Equal("%PDF-1.7 and so on", await answer.Content.ReadAsStringAsync());
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" })).ToHaveAttributeAsync(
            "href", new Regex("group=Book\\+club", RegexOptions.None, TimeSpan.FromSeconds(1)));

        await page.GetByLabel("Group").FillAsync("Nobody's");
        await Expect(page.GetByText("No message matches.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Members_Invitations_AreSentAgainAndWithdrawnWithTheKeyboard()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.EmptyProjectId}/members");
        var section = page.GetByRole(AriaRole.Region, new() { Name = "Invitations" });
        await Expect(section.GetByText("Nobody is invited at the moment.")).ToBeVisibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("E-mail").FillAsync("alan@example.com");
        await page.Keyboard.PressAsync("Enter");
        var row = section.GetByRole(AriaRole.Row).Filter(new() { HasText = "alan@example.com" });
        await Expect(row).ToContainTextAsync("Viewer");
        await Expect(row).ToContainTextAsync(world.Client.Email);

        await row.GetByRole(AriaRole.Button, new() { Name = "Send again to alan@example.com" }).PressAsync("Enter");
        await Expect(page.GetByText("Invitation sent to alan@example.com again")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Withdraw the invitation to alan@example.com" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw", Exact = true }).PressAsync("Enter");
        await Expect(section.GetByText("Nobody is invited at the moment.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Names_ThatTurnTheTextRound_AreKeptApartFromTheTextBesideThem()
    {
        const string Name = "Shop \u202Egnp.exe";
        var project = (await world.Client.PostJsonAsync("projects", new { name = Name })).GetProperty("projectId").GetString();
        var page = await world.OpenAsync("/portal/");
        var name = page.Locator("bdi").GetByText(Name, new() { Exact = true }).Or(page.Locator("bdi", new() { HasText = "gnp.exe" }));
        foreach (var path in (string[])["", $"projects/{project}", $"projects/{project}/settings", $"projects/{project}/audit"])
        {
            await world.GoToAsync(page, "/portal/" + path);
            await Expect(name.First).ToBeVisibleAsync();
        }

        await world.Client.DoAsync(HttpMethod.Post, $"projects/{project}/delete", new { confirmation = Name });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Demo_ProjectNamedInTheAddress_OffersItsUsersAndDoesNotResumeAnotherProjectsSession()
    {
        var other = await world.App.CreateProjectAsync();
        await other.CreateUserAsync("zoe");
        var page = await world.OpenAsync($"/demo/?project={other.Id}&user=zoe", signedIn: false, width: 900);
        var pane = new DemoPane(page, 0);
        await pane.LogInAsync("zoe", "secret");
        await page.ReloadAsync();
        await Expect(pane.Root.Locator(".me .is-online")).ToBeVisibleAsync();

        await world.GoToAsync(page, $"/demo/?project={world.Project.Id}&user=alice&user=bob");

        await Expect(pane.Root.Locator(".choice")).ToHaveTextAsync(["Aalice", "Bbob"]);
        await Expect(pane.Root.GetByLabel("Password")).ToHaveValueAsync("");
        await pane.LogInAsync("alice", "secret");
        await Expect(pane.Rows.First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
