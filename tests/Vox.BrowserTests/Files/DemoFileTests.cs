using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Files, places and contacts in the demo.</summary>
public sealed class DemoFileTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Demo_AllKindsOfAttachments_AreSentAndShown()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var a = await DemoAsync(alice, "bob");
        var b = await DemoAsync(bob, "alice");
        var film = await a.EvaluateAsync<string>(
            "async () => { " + Film.Make + " return btoa(String.fromCharCode(...new Uint8Array(await film.arrayBuffer()))); }");

        await a.Locator(".attach input[type=file]").SetInputFilesAsync(
        [
            new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = Png(600, 300) },
            new FilePayload { Name = "film.webm", MimeType = "video/webm", Buffer = Convert.FromBase64String(film) },
            new FilePayload { Name = "paper.pdf", MimeType = "application/pdf", Buffer = "%PDF-1.7 hello"u8.ToArray() },
        ]);
        await AttachAsync(a, "Location", ("Latitude", "52.52"), ("Longitude", "13.405"), ("Address", "Berlin"));
        await AttachAsync(a, "Contact", ("Name", "Carol"), ("Number", "+49 170 1"));

        foreach (var page in (IPage[])[b, a])
        {
            await SeesPictureAsync(page.Locator(".bubble img.media"), 200, 100);
            await Assertions.Expect(page.Locator(".bubble video.media")).ToHaveAttributeAsync(
                "poster", new Regex("/media/.*preview_.*film.webm$", RegexOptions.None, TimeSpan.FromSeconds(1)));
            await Assertions.Expect(page.Locator(".bubble a.file", new() { HasText = "paper.pdf" })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".bubble a.file", new() { HasText = "Berlin" })).ToHaveAttributeAsync(
                "href", new Regex("mlat=52.52&mlon=13.405", RegexOptions.None, TimeSpan.FromSeconds(1)));
            await Assertions.Expect(page.Locator(".bubble .file", new() { HasText = "Carol" }).Locator("a")).ToHaveAttributeAsync(
                "href", "tel:+491701");
        }

        await b.Locator(".picture").ClickAsync();
        await SeesPictureAsync(b.Locator("dialog.lightbox img"), 600, 300);
        await b.Keyboard.PressAsync("Escape");
        await Assertions.Expect(b.Locator("dialog.lightbox")).ToHaveCountAsync(0);
        await a.Context.DisposeAsync();
        await b.Context.DisposeAsync();
    }

    [Fact]
    public async Task Demo_UploadOnItsWay_ShowsProgressAndCanBeCancelled()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, _) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var page = await DemoAsync(alice, "bob");
        using var video = await VideoFile.WriteAsync(20_000_000);
        var held = await HeldBlocks.HoldAsync(page, 2);

        await page.Locator(".attach input[type=file]").SetInputFilesAsync(video.Path);

        await Assertions.Expect(page.Locator(".upload progress")).ToHaveAttributeAsync("max", "20000000");
        await Assertions.Expect(page.Locator(".upload")).ToContainTextAsync("8.0 MB of 19.1 MB");
        await page.Locator(".upload").GetByText("Cancel").ClickAsync();
        await Assertions.Expect(page.Locator(".upload")).ToHaveCountAsync(0);
        await held.ReleaseAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Demo_LocationAndContactThatAreText_AreShownAsText()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await bob.LogInAsync();
        string[] texts = ["At the old mill", """{"latitude":1}""", """{"lat":null,"lon":null}""", "<img src=x onerror=alert(1)>"];
        foreach (var (text, type) in texts.Select((text, i) => (text, i % 2 == 0 ? 3 : 6)))
        {
            // Stored directly, like data from apps without this server's checks. Some of it would be refused now.
            using var response = await session.PostAsync("/api/v1/messages", new { to = "alice", data = text, type });
        }

        var page = await DemoAsync(alice, "bob");

        await Assertions.Expect(page.Locator(".bubble .text", new() { HasText = "At the old mill" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".bubble .text", new() { HasText = "latitude" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".bubble .text", new() { HasText = "onerror" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".bubble img")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".bubble a.file")).ToHaveCountAsync(0);
        await page.Context.DisposeAsync();
    }

    /// <summary>How a conversation with files looks. Nothing may overflow sideways.</summary>
    [Theory]
    [InlineData("light", 1_180, 900, ColorScheme.Light)]
    [InlineData("dark", 1_180, 900, ColorScheme.Dark)]
    [InlineData("phone", 390, 780, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 780, ColorScheme.Dark)]
    public async Task Demo_Looks(string name, int width, int height, ColorScheme scheme)
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("Bob Tanaka"), await project.CreateUserAsync("Alice Moreau"));
        var phone = width < 700;
        var a = await DemoAsync(
            alice,
            "Alice Moreau",
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, DeviceScaleFactor = phone ? 2 : 1 });
        var b = await DemoAsync(
            bob,
            "Bob Tanaka",
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, DeviceScaleFactor = phone ? 2 : 1 });

        await AttachAsync(b, "Location", ("Latitude", "45.76404"), ("Longitude", "4.83566"), ("Address", "Place Bellecour, Lyon"));
        await AttachAsync(b, "Contact", ("Name", "Carol the printer"), ("Number", "+33 6 12 34 56 78"));
        await a.Locator(".attach input[type=file]").SetInputFilesAsync(
        [
            new FilePayload { Name = "cover draft.jpg", MimeType = "image/jpeg", Buffer = Sunset(1_600, 1_000) },
            new FilePayload
            {
                Name = "Offer for 400 copies, cloth binding.pdf",
                MimeType = "application/pdf",
                Buffer = [.. "%PDF-1.7 "u8, .. new byte[183_000]]
            },
        ]);
        await SeesPictureAsync(b.Locator(".bubble img.media"), 200, 125);
        await Assertions.Expect(b.Locator(".bubble a.file", new() { HasText = ".pdf" })).ToBeVisibleAsync();
        await b.Locator(".composer textarea").FillAsync("Lovely, that is the one");
        await b.Locator(".composer textarea").PressAsync("Enter");
        using var video = await VideoFile.WriteAsync(20_000_000);
        var held = await HeldBlocks.HoldAsync(b, 3);
        await b.Locator(".attach input[type=file]").SetInputFilesAsync(video.Path);
        await Assertions.Expect(b.Locator(".upload-size")).ToHaveTextAsync("12.0 MB of 19.1 MB");
        await DemoFixture.ShotAsync(b, $"files-{name}");
        Assert.Equal(width, await b.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await b.GetByLabel("Attach", new() { Exact = true }).ClickAsync();
        await DemoFixture.ShotAsync(b, $"files-{name}-menu");
        await b.Keyboard.PressAsync("Escape");
        await b.Locator(".picture").ClickAsync();
        await SeesPictureAsync(b.Locator("dialog.lightbox img"), 1_280, 800);
        await DemoFixture.ShotAsync(b, $"files-{name}-lightbox");
        Assert.Equal(width, await b.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await held.ReleaseAsync();
        await a.Context.DisposeAsync();
        await b.Context.DisposeAsync();
    }

    private async Task<IPage> DemoAsync(TestUser user, string peer, BrowserNewContextOptions? options = null)
    {
        var page = await (await browser.NewContextAsync(options)).NewPageAsync();
        await page.GotoAsync(new Uri(backends.App.Address, "/demo/?project=" + user.Project.Id).ToString());
        await page.Locator("form input").Nth(0).FillAsync(user.LoginId);
        await page.Locator("form input[type=password]").FillAsync(user.Password);
        await page.Locator("form button.primary").ClickAsync();
        var find = page.Locator(".find input");
        await find.FillAsync(peer);
        await find.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".composer textarea")).ToBeVisibleAsync();
        return page;
    }

    private static async Task AttachAsync(IPage page, string kind, params (string Label, string Value)[] fields)
    {
        await page.GetByLabel("Attach", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = kind, Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        foreach (var (label, value) in fields)
        {
            await dialog.GetByLabel(label, new() { Exact = true }).FillAsync(value);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    /// <summary>The demo forbids scripts made from texts, so a test cannot wait for an expression on its pages.</summary>
    private static async Task SeesPictureAsync(ILocator picture, int width, int height)
    {
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalWidth", width);
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalHeight", height);
    }

    /// <summary>Something to look at.</summary>
    private static byte[] Sunset(int width, int height)
    {
        using var place = NetVips.Image.Xyz(width, height);
        using var down = place[1] / height;
        using var sun = ((place[0] - (width * 0.62)).Pow(2) + (place[1] - (height * 0.55)).Pow(2)).Pow(0.5) / height;
        using var glow = (sun * sun * -6).Exp();
        using var waves = ((place[1] * place[1] / 900).Sin() * 10 * down);
        using var sky = ((down * 190) + 50 + (glow * 150) + waves).Bandjoin(
            (down * 60) + 60 + (glow * 140) + waves, (down * -90) + 170 + (glow * 40) + waves);
        using var bytes = sky.Cast(NetVips.Enums.BandFormat.Uchar);
        using var picture = bytes.Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        return picture.JpegsaveBuffer();
    }

    private static byte[] Png(int width, int height)
    {
        using var black = NetVips.Image.Black(width, height);
        return black.PngsaveBuffer();
    }
}
