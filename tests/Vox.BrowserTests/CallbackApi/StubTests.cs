using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Functions that do nothing: file functions as long as files are not served, and calls for ever.</summary>
public sealed class StubTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendFile_NoFile_400AtOnceAndMinusOne()
    {
        await using var page = await browser.LogInAsync(await UserAsync());

        var answer = await page.CallAsync("chat.sendFile", "bob", 4, "image/png", null, null, 0, "pid_x");

        Assert.Equal((400, true), (answer.Code, answer.Inside));
        Assert.Equal("invalid input. chatFileType or file content is empty", answer.Phrase);
    }

    [Theory]
    [InlineData("RegisterPSTN", 501, "alice", "secret")]
    [InlineData("getHistory", 200, "bob", 100, 1)]
    [InlineData("end", 400, "no-such-call")]
    [InlineData("decline", 400, "no-such-call")]
    [InlineData("startCall", 501, "bob", "Audio", null, null)]
    [InlineData("startPSTNCall", 501, "bob", null, null)]
    public async Task CallMethods_AnswerLater(string method, int code, params object?[] values)
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        var answer = await page.CallAsync("call." + method, values);

        Assert.Equal((code, false), (answer.Code, answer.Inside));
        Assert.Equal(method.StartsWith("start", StringComparison.Ordinal), answer.Returned.ValueKind == JsonValueKind.String);
    }

    private async Task<TestUser> UserAsync() => await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice");
}
