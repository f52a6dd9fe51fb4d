using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Portal.Accounts;
using Vox.Platform.ErrorCatalogue;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>What a new customer meets in their first hour, by keyboard, on a desktop and on a phone.</summary>
public sealed class FirstHourTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task NewProject_ByKeyboard_BeginsWithQuickStartAndEveryPageIsFound()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        var page = await OpenAsync(client, $"projects/{project.Id}");

        // No charts without anything in them, but what to do.
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "First steps" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-chart]")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "iOS certificate and Android key" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Credits $" })).ToBeVisibleAsync();

        // The first Tab skips the navigation.
        await page.Locator("body").PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();

        await project.CreateUserAsync("zoe");
        await page.Keyboard.PressAsync("Control+k");
        var search = page.GetByLabel("Search", new() { Exact = true }).And(page.Locator("input"));
        await Expect(search).ToBeFocusedAsync();
        await search.FillAsync("certificate");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Push messages" })).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindingsAsync(page, "search"));
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Push messages", Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await search.FillAsync("zo");
        await page.GetByRole(AriaRole.Button, new() { Name = "zoe" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "zoe" })).ToBeVisibleAsync();
        await Expect(page.GetByText("This user is logged in nowhere.")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project.Id}/nothing").ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindingsAsync(page, "404"));

        // The session ends while somebody is at work: the page says so, and they go on where they were.
        await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project.Id}/members").ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Members" })).ToBeVisibleAsync();
        await page.Context.ClearCookiesAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Project Users" }).ClickAsync();
        await Expect(page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await page.GetByLabel("E-mail").FillAsync(client.Email);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Code").FillAsync(PortalApp.CodeOf(await portal.MailAsync(client.Email, "sign-in code", 2)));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Project Users" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Users_OnAPhoneInTheDark_AreCardsWithDetailsAndActionsOnMany()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        foreach (var name in (string[])["ann.a", "ben", "cy"])
        {
            await project.CreateUserAsync(name);
        }

        var ann = await new TestUser(project, "ann.a", "secret").LogInAsync();
        await ann.PostJsonAsync("/api/v1/messages", new { to = "ben", data = "Hello", clientMessageId = "m" });
        var page = await OpenAsync(client, $"projects/{project.Id}/users", phone: true);

        await Expect(page.GetByText("3 users in all")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Last seen" })).ToHaveCountAsync(1);
        Assert.Equal("block", await page.Locator("tbody tr").First.EvaluateAsync<string>("row => getComputedStyle(row).display"));
        await FitsAsync(page, "users");
        await page.GetByLabel("Mark ben").CheckAsync();
        await page.GetByLabel("Mark cy").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("2 marked")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Disabled")).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Link, new() { Name = "ann.a" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "ann.a" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Conversations" }).GetByRole(AriaRole.Link, new() { Name = "ben" }))
            .ToBeVisibleAsync();
        await FitsAsync(page, "user");
        await page.GetByRole(AriaRole.Button, new() { Name = "End the session" }).ClickAsync();
        await Expect(page.GetByText("This user is logged in nowhere.")).ToBeVisibleAsync();
        foreach (var path in (string[])["members", "credits", "audit", "api-keys", "data"])
        {
            await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project.Id}/{path}").ToString());
            await PortalWorld.SettledAsync(page);
            await FitsAsync(page, path);
        }

        await page.Context.CloseAsync();

        static async Task FitsAsync(IPage page, string what)
        {
            Assert.Empty(await Axe.FindingsAsync(page, what));
            Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task RotateToken_AsksFirstAndListsWhatIsValid()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        var page = await OpenAsync(client, $"projects/{project.Id}/settings");
        var valid = page.GetByRole(AriaRole.List, new() { Name = "Valid auth tokens" }).GetByRole(AriaRole.Listitem);
        await Expect(valid).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Make a new auth token" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("Servers have to get the new token")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await project.CreateUserAsync("ann");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a new auth token" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await page.GetByText("I have stored the auth token").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(valid).ToHaveCountAsync(2);
        await Expect(valid.Last).ToContainTextAsync("earlier token, ends");
        await project.CreateUserAsync("ben");

        await valid.Last.GetByRole(AriaRole.Button).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End it" }).ClickAsync();
        await Expect(valid).ToHaveCountAsync(1);
        Assert.Equal(HttpStatusCode.NotFound, (await project.PostUserAsync("cy", "secret word")).StatusCode);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Invitation_OfSomebodyWithoutAnAccount_TellsWhatItIsForAndKeepsItsWayThroughTheSignUp()
    {
        using var owner = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(owner, "Web shop");
        var email = PortalApp.NewEmail();
        await owner.DoAsync(HttpMethod.Post, $"projects/{project.Id}/members", new { email, role = "admin" });
        var mail = await portal.MailAsync(email, "invites you");
        var link = mail.TextBody!.Split(['\r', '\n', ' ']).Single(word => word.Contains("/portal/invitation?", StringComparison.Ordinal));
        await using var context = await browser.NewContextAsync(new() { Locale = "en-US" });
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(portal.App.Address, new Uri(link).PathAndQuery).ToString());
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(
            $"{owner.Email} invites you to work on the project Web shop as an admin.");
        Assert.Empty(await Axe.FindingsAsync(page, "invitation"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign up to accept" }).ClickAsync();
        await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync(email);
        await page.GetByLabel("Name").FillAsync("Grace");
        await page.GetByLabel("Phone").FillAsync("+44 20 7946 0018");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await page.Locator("altcha-widget input[type=checkbox]").ClickAsync(new() { Force = true });
        await page.GetByText("Verified").WaitForAsync(new() { Timeout = 60_000 });
        await page.GetByLabel("I have read").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        var activation = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));
        await page.GotoAsync(new Uri(portal.App.Address, "/portal/activate?token=" + activation).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Activate account" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Code").FillAsync(PortalApp.CodeOf(await portal.MailAsync(email, "sign-in code")));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        // Back at the invitation; and without it, it is on the page of the projects.
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To your projects" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation to Web shop" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Activate_LinkOfTheDayBefore_OffersAnotherOneAtOnce()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = portal.NewClient(app);
        var email = PortalApp.NewEmail();
        await client.DoAsync(HttpMethod.Post, "accounts", client.SignUp(email, await client.SolveCaptchaAsync()));
        var late = PortalApp.TokenOf(await portal.MailAsync(email, "Activate"));
        clock.Advance(TimeSpan.FromHours(25));
        await using var context = await browser.NewContextAsync(new() { Locale = "en-US" });
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(app.Address, "/portal/activate?token=" + late).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Activate account" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a new link" }).ClickAsync();
        await Expect(page.GetByText("We have sent another e-mail")).ToBeVisibleAsync();
        var fresh = PortalApp.TokenOf(await portal.MailAsync(email, "Activate", 2));
        await page.GotoAsync(new Uri(app.Address, "/portal/activate?token=" + fresh).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Activate account" }).ClickAsync();
        await Expect(page.GetByText("Your account is active.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task StrengthMeter_AnyPassword_SaysWhatTheServerSays()
    {
        await using var context = await browser.NewContextAsync(new() { Locale = "en-US" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(portal.App.Address, "/portal/sign-up").ToString());
        await page.GetByLabel("Name").FillAsync("Ada Lovelace");
        await page.GetByLabel("E-mail").FillAsync("ada.king@example.com");
        var field = page.GetByRole(AriaRole.Textbox, new() { Name = "Password" });
        foreach (var password in (string[])[
            "short", "aaaaaaaaaaaa", "abababababab", "password12", "Password1234567", "PASSWORTqwertz",
            "Lovelace12", "ADALOVELACE", "xloveLACEx1",
            "king@example", "example.com99", "correct horse battery 9", "Zoë🐈Zoë🐈Zoë",
            "monkeydragon!", "12345678901234567890", "ab12345cdef",
        ])
        {
            await field.FillAsync(password);
            string? refusal = null;
            try
            {
                DeveloperInput.NewPassword(password, "Ada Lovelace", "", "ada.king@example.com");
            }
            catch (VoxException e)
            {
                refusal = e.Message.Replace("This password is too easy to guess. ", "", StringComparison.Ordinal);
            }

            var meter = page.Locator("[aria-live=polite]").Filter(
                new() { HasTextRegex = new Regex("weak|Good|Strong", RegexOptions.None, TimeSpan.FromSeconds(1)) });
            if (refusal is null)
            {
                await Expect(meter).Not.ToContainTextAsync("weak");
            }
            else
            {
                await Expect(meter).ToHaveTextAsync("Too weak. " + refusal);
            }
        }
    }

    [Fact]
    public async Task Reference_BodiesAsTheyAreFilledIn_Work()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var page = await OpenAsync(client, $"projects/{project.Id}/api");
        await page.GetByLabel("Auth token", new() { Exact = true }).FillAsync(project.Token);
        var logIn = page.GetByRole(AriaRole.Form, new() { Name = "Log in as a user" });
        await logIn.GetByLabel("User", new() { Exact = true }).FillAsync("alice");
        await logIn.GetByRole(AriaRole.Textbox, new() { Name = "User's password" }).FillAsync("secret");
        await logIn.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(logIn.GetByRole(AriaRole.Status)).ToHaveTextAsync("alice");
        // What operators do with the master key is nothing for customers.
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Operators" })).ToHaveCountAsync(0);

        foreach (var id in (string[])[
            "CreateUser", "SendChat", "GetChatHistory", "SendMessage", "CreateGroup", "AddContact", "LookUpUsers", "UpdateProfile",
            "BeginUpload", "Sync", "DeleteUser", "AddProjectUser",
        ])
        {
            await page.GotoAsync(new Uri(portal.App.Address, $"/portal/projects/{project.Id}/api#{id}").ToString());
            var form = page.GetByRole(AriaRole.Form, new() { Name = "Try " + id, Exact = true });
            await form.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
            await Expect(form.GetByRole(AriaRole.Status)).ToContainTextAsync(
                new Regex("^20[0-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        }

        await page.Context.CloseAsync();
    }

    private async Task<TestProject> NewProjectAsync(PortalClient client, string name = "Shop")
    {
        var keys = await client.PostJsonAsync("projects", new { name });
        return new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
    }

    private async Task<IPage> OpenAsync(PortalClient client, string path, bool phone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            Locale = "en-US",
            ViewportSize = phone ? new() { Width = 390, Height = 780 } : new() { Width = 1_360, Height = 850 },
            IsMobile = phone,
            HasTouch = phone,
            ColorScheme = phone ? ColorScheme.Dark : ColorScheme.Light,
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
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(portal.App.Address, "/portal/" + path).ToString());
        return page;
    }
}
