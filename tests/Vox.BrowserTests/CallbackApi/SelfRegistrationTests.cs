using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Users who sign up by themselves, where the project allows it.</summary>
public sealed class SelfRegistrationTests(Backends backends, Browser browser)
{
    [Theory]
    [InlineData("signup", 403, "Forbiddon", "new", "secret")]
    [InlineData("createTempUser", 403, "Forbiddon", "new", "secret")]
    [InlineData("activate", 409, "NotAllowed", "new", "1234")]
    public async Task SelfRegistration_ProjectIsNotOpen_IsAnsweredWithANumber(
        string method, int code, string phrase, params object?[] values)
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        var answer = await page.CallAsync(method, values);

        Assert.Equal((code, phrase, true, false), (answer.Code, answer.Phrase, answer.IsCodeNumber, answer.Inside));
    }

    [Fact]
    public async Task SelfRegistration_ProjectIsOpen_UserIsThere()
    {
        await using var open = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await open.CreateProjectAsync();
        await using var page = await browser.OpenAsync(open.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        var signedUp = await page.CallAsync("signup", "carol", "secret");
        Assert.Equal((200, "OK", false), (signedUp.Code, signedUp.Phrase, signedUp.Inside));
        Assert.Equal("carol", await page.EvaluateAsync<string>("CS.localUser"));
        Assert.Equal(200, (await page.CallAsync("activate", "carol", "1234")).Code);
        Assert.Equal(
            (409, "NotAllowed"), await page.CallAsync("signup", "carol", "another") is { } taken ? (taken.Code, taken.Phrase) : default);
        Assert.Equal(400, (await page.CallAsync("signup", "", "secret")).Code);
        Assert.Equal(200, (await page.CallAsync("login", "carol", "secret")).Code);

        var guest = await page.CallAsync("createTempUser", "guest", "pass");
        Assert.Equal((200, """{"user":"guest","pass":"pass"}"""), (guest.Code, guest.Resp.GetRawText()));
        var made = (await page.CallAsync("createTempUser", "", "")).Resp;
        Assert.Matches("^guest_[A-Za-z0-9]{12}$", made.GetProperty("user").GetString());
        // A user who is logged in stays logged in.
        Assert.Equal("carol", await page.EvaluateAsync<string>("CS.localUser"));
        Assert.Equal(200, (await page.CallAsync("login", made.GetProperty("user").GetString(), made.GetProperty("pass").GetString())).Code);
    }
}
