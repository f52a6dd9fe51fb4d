using Microsoft.Playwright;
using Vox.Chat.Usage;
using Vox.Portal.Billing;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>
/// A customer who has been here for a week. They have a project with users, messages, a group, a file, members, payments and charges, and
/// an empty project. Pages are opened as a signed-in user.
/// </summary>
public sealed class PortalWorld(Backends backends, Browser browser) : IAsyncLifetime
{
    /// <summary>Messages of each day before today, oldest first.</summary>
    public static readonly int[] Messages = [3, 5, 0, 9, 7, 6];

    private readonly PortalApp portal = new(backends);

    public VoxApp App => portal.App;

    public PortalClient Client { get; private set; } = null!;

    public TestProject Project { get; private set; } = null!;

    public string EmptyProjectId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await portal.InitializeAsync();
        var email = PortalApp.NewEmail();
        string projectId, token;
        await using (var past = await portal.StartAsync(
            new MovingClock(TimeSpan.FromDays(-Messages.Length)), App.TablePrefix, "Billing:UserPrices=1:0 *:3"))
        {
            using var client = await portal.NewDeveloperAsync(past, email);
            var keys = await client.PostJsonAsync("projects", new { name = "Web shop" });
            (projectId, token) = (keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
            var payment = await client.PostJsonAsync($"projects/{projectId}/payments", new { amount = 50, agreed = true, key = "first" });
            await client.DoAsync(
                HttpMethod.Post,
                $"projects/{projectId}/payments/{payment.GetProperty("paymentId").GetString()}/sandbox",
                new { paid = true });
            var project = new TestProject(past, projectId, token);
            foreach (var name in (string[])["alice", "bob", "carol", "dmitri"])
            {
                await project.CreateUserAsync(name);
            }
        }

        for (var day = 0; day < Messages.Length; day++)
        {
            await using var then = await portal.StartAsync(
                new MovingClock(TimeSpan.FromDays(day - Messages.Length)), App.TablePrefix, "Billing:UserPrices=1:0 *:3");
            await SendAsync(then, new TestProject(then, projectId, token), Messages[day]);
            await then.Get<UsageCounters>().FlushAsync(CancellationToken.None);
        }

        await using (var priced = await portal.StartAsync(null, App.TablePrefix, "Billing:UserPrices=1:0 *:3"))
        {
            await priced.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
        }

        Client = portal.NewClient();
        await Client.SignInAsync(email: email);
        Project = new TestProject(App, projectId, token);
        var alice = await new TestUser(Project, "alice", "secret").LogInAsync();
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Book club", members = (string[])["bob", "carol"] }))
            .GetProperty("id").GetString()!;
        await alice.SendFileAsync(group, "Chapter 1.pdf", "%PDF-1.7 and so on"u8.ToArray(), contentType: "application/pdf");
        await alice.PostJsonAsync("/api/v1/messages", new { to = group, data = "Read it until Friday, please", clientMessageId = "m1" });
        EmptyProjectId = (await Client.PostJsonAsync("projects", new { name = "Mobile app" })).GetProperty("projectId").GetString()!;
        using var admin = await portal.NewDeveloperAsync();
        await Client.DoAsync(HttpMethod.Post, $"projects/{projectId}/members", new { email = admin.Email, role = "admin" });
        await admin.DoAsync(
            HttpMethod.Post, "invitations/accept", new { token = PortalApp.TokenOf(await portal.MailAsync(admin.Email, "nvit")) });
        await Client.DoAsync(HttpMethod.Post, $"projects/{projectId}/members", new { email = "grace@example.com", role = "viewer" });
    }

    /// <summary>Opens a page in a browser with the customer's session, or without a session.</summary>
    public async Task<IPage> OpenAsync(
        string path, bool signedIn = true, ColorScheme scheme = ColorScheme.Light, int width = 1_360, int height = 850, bool phone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = phone,
            IsMobile = phone,
            DeviceScaleFactor = phone ? 2 : 1,
            Locale = "en-US",
            AcceptDownloads = true,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(60_000);
        if (signedIn)
        {
            await context.AddCookiesAsync(Client.Cookies.GetAllCookies().Select(cookie =>
                new Microsoft.Playwright.Cookie
                {
                    Name = cookie.Name,
                    Value = cookie.Value,
                    Url = App.Address.ToString(),
                    HttpOnly = true,
                    SameSite = SameSiteAttribute.Strict
                }));
        }

        var page = await context.NewPageAsync();
        await GoToAsync(page, path);
        return page;
    }

    public async Task GoToAsync(IPage page, string path)
    {
        await page.GotoAsync(new Uri(App.Address, path).ToString());
        await SettledAsync(page);
    }

    /// <summary>Waits until everything that the page has requested is there.</summary>
    public static async Task SettledAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Loading", new() { Exact = true })).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await portal.DisposeAsync();
    }

    private static readonly string[] Texts =
        [
            "Is the blue one still available?", "Yes, two of them are left", "Wonderful. I take both.", "They are on their way",
            "Thank you, that was quick!", "You are welcome"
        ];

    private static async Task SendAsync(VoxApp app, TestProject project, int count)
    {
        string[] names = ["alice", "bob", "carol", "dmitri"];
        for (var i = 0; i < count; i++)
        {
            await new TestUser(project, names[i % 3], "secret").SendChatAsync(names[(i + 1) % 3], Texts[i % Texts.Length]);
        }

        await app.SettleAsync(project.Id);
    }
}
