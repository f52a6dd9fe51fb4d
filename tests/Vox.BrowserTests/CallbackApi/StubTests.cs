using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Groups and files until they are served, and calls for ever.</summary>
public sealed class StubTests(Backends backends, Browser browser)
{
    [Theory]
    [InlineData("createGroup", "\"Not Implemented\"", "name", "", null)]
    [InlineData("pullMyGroupsList", "[]")]
    [InlineData("pullMyGroupDetails",
        """{"groupid":"g1","groupname":"","groupdescription":"","groupprofilepic":"","groupcontacts":[],"admins":[],"groupcreator":""}""", "g1")]
    [InlineData("updateGroupInfo", "\"Not Implemented\"", "name", "g1", "", "")]
    [InlineData("addUsersToGroup", """{"groupid":"g1","groupcontacts":[],"groupusercount":0}""", "g1", "bob", 1)]
    [InlineData("delUsersToGroupReq", "\"g1\"", "g1", "bob")]
    [InlineData("addAdminsToGroup", """{"groupid":"g1","groupAdmins":[]}""", "g1", "bob")]
    [InlineData("delAdminsToGroup", "\"g1\"", "g1", "bob")]
    [InlineData("exitFromGroup", "\"g1\"", "g1", "alice")]
    [InlineData("deleteGroup", "\"g1\"", "g1")]
    [InlineData("blockGroup", """{"groupid":"g1","mobileNumber":"alice"}""", "g1", "alice")]
    public async Task GroupMethods_501InTheShapeOfSuccess(string method, string expected, params object?[] values)
    {
        await using var page = await browser.LogInAsync(await UserAsync());

        var answer = await page.CallAsync("chat." + method, values);

        Assert.Equal((501, false), (answer.Code, answer.Inside));
        Assert.Equal(expected, answer.Resp.GetRawText());
    }

    [Theory]
    [InlineData("CS.chat.sendMessage('g1', 'x', 1, 0, done, false)")]
    [InlineData("CS.chat.sendGroupMessage('g1', 'x', 1, 0, done)")]
    public async Task SendMessage_ToAGroup_501ThenSent(string script)
    {
        await using var page = await browser.LogInAsync(await UserAsync());

        await page.EvaluateAsync($"window.done = (...a) => window.answer = a; {script}");

        var sent = await page.WaitForEventAsync("SENT");
        Assert.Equal((501, "g1", "g1"), (sent.GetProperty("status").GetInt32(), sent.GetProperty("remoteUser").GetString(), sent.GetProperty("groupid").GetString()));
        Assert.Equal("""[501,"Not Implemented"]""", await page.EvaluateAsync<string>("JSON.stringify(answer)"));
    }

    [Fact]
    public async Task SendFile_NoFile_400AtOnceAndMinusOne()
    {
        await using var page = await browser.LogInAsync(await UserAsync());

        var answer = await page.CallAsync("chat.sendFile", "bob", 4, "image/png", null, null, 0, "pid_x");

        Assert.Equal((400, true), (answer.Code, answer.Inside));
        Assert.Equal("invalid input. chatFileType or file content is empty", answer.Phrase);
    }

    [Theory]
    [InlineData("sendFile('bob', 4, 'image/png', undefined, file, 0, done)")]
    [InlineData("sendFile('bob', 4, 'image/png', undefined, file, 0, 'pid_x', done)")]
    [InlineData("sendFile('bob', file, null, done)")]
    [InlineData("sendPhoto('bob', file, done)")]
    [InlineData("sendVideo('bob', file, null, done)")]
    public async Task SendFile_EveryForm_AnswersThroughTheCallback(string script)
    {
        await using var page = await browser.LogInAsync(await UserAsync());

        var returned = await page.JsonAsync($$"""
            (() => {
              const file = new File(["x"], "cat.png", { type: "image/png" });
              const done = (...a) => window.answer = a;
              return CS.chat.{{script}};
            })()
            """);

        await page.WaitForAsync("window.answer");
        Assert.Equal(501, await page.EvaluateAsync<int>("answer[0]"));
        Assert.Matches("^[A-Za-z0-9]{15}_cat.png$", returned.GetProperty("url").GetString());
        Assert.Equal(16, returned.GetProperty("id").GetString()!.Length);
        Assert.True(returned.GetProperty("sentTime").GetInt64() > 0);
    }

    [Fact]
    public async Task GetMediaUrlPrefix_EveryForm_PrefixAtOnceAndAddressByCallback()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = "pid_x" }, ChatPage.Callback);

        var prefix = await page.EvaluateAsync<string>("CS.chat.getMediaURLPrefix()");
        var two = await page.CallAsync("chat.getMediaURLPrefix", "key.png");
        var three = await page.CallAsync("chat.getMediaURLPrefix", "key.png", "pid_x");

        Assert.StartsWith(backends.App.Address.ToString(), prefix);
        Assert.EndsWith("/", prefix);
        Assert.All([two, three], answer =>
        {
            Assert.Equal((200, prefix + "key.png"), (answer.Code, answer.Phrase));
            Assert.Equal(prefix, answer.Returned.GetString());
        });
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
