using System.Net.Http.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>What others have chosen (pictures, names, what they write when they are blocked) does the reader no harm.</summary>
public sealed class DemoPrivacyTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    private const string Elsewhere = "http://elsewhere.example/";

    [Theory]
    [InlineData("light", 900, ColorScheme.Light)]
    [InlineData("dark", 900, ColorScheme.Dark)]
    [InlineData("phone", 390, ColorScheme.Light)]
    [InlineData("phone-dark", 390, ColorScheme.Dark)]
    public async Task BlockedMember_OfACommonGroup_IsHiddenUntilTheUserAsks(string name, int width, ColorScheme scheme)
    {
        var project = await demo.CreateProjectAsync("alice", "bob", "carol");
        var sessions = new Dictionary<string, TestSession>();
        foreach (var user in (string[])["alice", "bob", "carol"])
        {
            sessions[user] = await new TestUser(project, user, "secret").LogInAsync();
        }

        var group = (await sessions["alice"].PostJsonAsync("/api/v1/groups", new { name = "Choir", members = new[] { "bob", "carol" } }))
            .GetProperty("id").GetString()!;
        await sessions["carol"].SendMessageAsync(group, "Rehearsal at seven");
        await sessions["alice"].PostAsync("/api/v1/blocks", new { id = "bob" });
        await sessions["bob"].SendMessageAsync(group, "First of the blocked one");
        await sessions["bob"].SendMessageAsync(group, "Second of the blocked one");

        var page = await demo.OpenAsync(width, project: project, scheme: scheme, phone: width < 700);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        await Expect(alice.Rows.First).ToContainTextAsync("Hidden");
        await Expect(alice.Rows.First).Not.ToContainTextAsync("blocked one");
        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages).ToHaveCountAsync(1);
        await Expect(alice.Root.Locator(".hidden-messages")).ToHaveCountAsync(1);
        await DemoFixture.ShotAsync(page, $"{name}-hidden");
        await sessions["bob"].SendMessageAsync(group, "Third of the blocked one");
        await sessions["carol"].SendMessageAsync(group, "Bring the notes");
        await Expect(alice.Messages).ToHaveCountAsync(2);
        await Expect(alice.Root.Locator(".message", new() { HasText = "blocked one" })).ToHaveCountAsync(0);

        await alice.Root.GetByRole(AriaRole.Button, new() { Name = "Show anyway" }).First.ClickAsync();

        await Expect(alice.Root.Locator(".message", new() { HasText = "blocked one" })).ToHaveCountAsync(3);
        await Expect(alice.Root.Locator(".hidden-messages")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Pictures_AtAddressesOfOthers_AreNotLoaded()
    {
        var project = await demo.CreateProjectAsync("alice", "bob");
        var page = await demo.OpenAsync(width: 900, project: project);
        var elsewhere = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(demo.Address.ToString(), StringComparison.Ordinal))
            {
                elsewhere.Add(request.Url);
            }
        };
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        // The server may refuse such addresses. Rows from before it did so are still there.
        await page.RouteAsync("**/api/v1/{messages?*,users/lookup,contacts,sync}", async route =>
        {
            var response = await route.FetchAsync();
            var text = await response.TextAsync();
            await route.FulfillAsync(new()
            {
                Response = response,
                Body = text.Replace("\"photo\":\"\"", $"\"photo\":\"{Elsewhere}face.png\"", StringComparison.Ordinal)
                    .Replace("\"thumbnail\":\"thumb_", $"\"thumbnail\":\"{Elsewhere}thumb_", StringComparison.Ordinal),
            });
        });
        var bob = await new TestUser(project, "bob", "secret").LogInAsync();
        const string Key = "abcdefghijklmno_sea.png";
        using var sent = await bob.PostAsync("/api/v1/messages", new { to = "alice", data = Key, type = 4, thumbnail = "thumb_" + Key });
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        await page.ReloadAsync();

        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages.Last.Locator("img")).ToBeAttachedAsync();
        await alice.Messages.Last.Locator(".picture").ClickAsync();
        await Expect(alice.Root.Locator("dialog img")).ToBeAttachedAsync();

        // The storage and the emulator are on this machine.
        Assert.DoesNotContain(elsewhere, url => !new Uri(url).IsLoopback && url.StartsWith("http", StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Names_ThatTurnTheDirection_StayByThemselves()
    {
        // A name that ends in an override would turn round what stands behind it.
        const string Name = "Bob \u202Egnp.exe";
        var project = await demo.CreateProjectAsync("alice", "bob");
        var bob = await new TestUser(project, "bob", "secret").LogInAsync();
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = JsonContent.Create(new { displayName = "Bob" })
        };
        (await bob.SendAsync(put)).EnsureSuccessStatusCode();
        var page = await demo.OpenAsync(width: 900, project: project);
        // The server may refuse such names. Rows from before it did so are still there.
        await page.RouteAsync("**/api/v1/{users/lookup,contacts,groups/*}", async route =>
        {
            var response = await route.FetchAsync();
            var text = await response.TextAsync();
            await route.FulfillAsync(
                new() { Response = response, Body = text.Replace("\"Bob\"", $"\"{Name}\"", StringComparison.Ordinal) });
        });
        var group = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Choir", members = new[] { "alice" } }))
            .GetProperty("id").GetString()!;
        await bob.SendMessageAsync(group, "Hello");
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");

        await alice.Rows.First.ClickAsync();
        await Expect(alice.Messages.First.Locator(".author bdi")).ToHaveTextAsync("Bob gnp.exe");
        await Expect(alice.Rows.First.Locator(".preview")).ToHaveTextAsync("Bob gnp.exe: Hello");
        await Expect(alice.Rows.First.Locator(".row-name bdi")).ToHaveTextAsync("Choir");
        await Expect(alice.Root.Locator(".thread-head h2 bdi")).ToHaveTextAsync("Choir");
        await alice.OpenGroupInfoAsync();
        await Expect(alice.Root.Locator("[data-member=bob] .row-name bdi")).ToHaveTextAsync("Bob gnp.exe");
        await page.Context.CloseAsync();
    }
}
