using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>The page that an operator's one-time link opens.</summary>
public sealed class WelcomeTests(PortalApp portal, Browser browser) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Welcome_WithALinkOfAServerWithoutMail_MakesTheAccountAndLeadsToTheFirstProject()
    {
        await using var app = await portal.StartAsync(settings: "Mail:Folder=");
        await using var context = await browser.NewContextAsync(new() { Locale = "en-US" });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var email = PortalApp.NewEmail();
        var link = await LinkAsync(app, email);

        await page.GotoAsync(link);
        await Expect(page.GetByText(email)).ToBeVisibleAsync();
        await Expect(page.GetByText("cannot send e-mail yet")).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindingsAsync(page, "welcome"));
        await Button("Make account and sign in").ClickAsync();
        await Expect(page.GetByText("Please enter your name.")).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync("Olga Operator");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("operator 77");
        await page.GetByLabel("I have read").CheckAsync();
        await Button("Make account and sign in").ClickAsync();
        await Expect(page.GetByText("too easy to guess")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(PortalClient.Password);
        await Button("Make account and sign in").ClickAsync();
        await Expect(Button("Create project").First).ToBeVisibleAsync();

        // Once: whoever finds the link in a history gets nowhere.
        await context.ClearCookiesAsync();
        await page.GotoAsync(link);
        await Expect(page.GetByText("This link was used already")).ToBeVisibleAsync();

        // Another link signs in to the account that there is now.
        await page.GotoAsync(await LinkAsync(app, email));
        await Button("Sign in").ClickAsync();
        await Expect(Button("Create project").First).ToBeVisibleAsync();

        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
    }

    /// <summary>The app does not know on which port a test reaches it.</summary>
    private static async Task<string> LinkAsync(VoxApp app, string email)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/operator/v1/sign-in-links")
        {
            Content = JsonContent.Create(new { email }),
        };
        request.Headers.Add("x-functions-key", "local-master-key");
        using var response = await app.Http.SendAsync(request);
        var made = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new Uri(app.Address, new Uri(made.GetProperty("link").GetString()!).PathAndQuery).ToString();
    }
}
