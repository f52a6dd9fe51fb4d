using System.Text.Json;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Files and pictures in groups.</summary>
public sealed class GroupFileTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendFile_ToAGroup_AllMembersSeeThePicture()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        foreach (var page in trio.Pages)
        {
            await page.EvaluateAsync(FileTests.MakePicture);
        }

        await a.EvaluateAsync($$"""
            async () => {
              const file = await picture(800, 400);
              window.returned = CS.chat.sendFile('{{id}}', CS.chat.ChatFileType.IMAGE, file.type, undefined, file, true, CS.appId, (code, resp) => window.answer = { code, resp });
            }
            """);

        await a.WaitForAsync("window.answer", 30);
        var answer = await a.JsonAsync("({ ...answer, returned })");
        var key = Text(answer.GetProperty("returned"), "url");
        Assert.Equal((200, key), (answer.GetProperty("code").GetInt32(), Text(answer.GetProperty("resp"), "url")));
        var sent = await a.WaitForEventAsync("SENT");
        Assert.Equal((id, id), (Text(sent, "remoteUser"), Text(sent, "groupid")));
        foreach (var page in new[] { b, c })
        {
            var heard = await page.WaitForEventAsync("NEW-MESSAGE");
            Assert.Equal(
                (id, "alice", key, "thumb_" + key, "image"),
                (
                    Text(heard, "remoteUser"),
                    Text(heard, "chatInitiator"),
                    Text(heard, "data"),
                    Text(heard, "thumbnail"),
                    Text(heard, "chattype")));
            Assert.Equal("200,100", await page.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + 'thumb_{key}').then(String)"));
            Assert.Equal("800,400", await page.EvaluateAsync<string>(
                $"new Promise(resolve => CS.chat.getMediaURLPrefix('{key}', CS.appId, (code, url) => resolve(url)))"
                + ".then(show).then(String)"));
        }

        await c.EvaluateAsync($"async () => CS.chat.sendPhoto('{id}', await picture(60, 40), code => window.code = code)");
        await c.WaitForAsync("window.code === 200", 30);
        Assert.Equal("carol", Text(await b.WaitForEventAsync("NEW-MESSAGE", "p.chatInitiator === 'carol'"), "chatInitiator"));
        var history = (await b.CallAsync("chat.getHistory", id, 10, 1)).Resp.GetProperty("history");
        Assert.Equal(
            [("carol", "image"), ("alice", "image")],
            history.EnumerateArray().Select(m => (Text(m, "chatInitiator"), Text(m, "chatType"))));
        Assert.Equal("thumb_" + key, Text(history[1], "thumbnail"));
    }

    [Fact]
    public async Task GroupPhoto_AsAFileOrItsKey_OthersSeeASquarePicture()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        await a.EvaluateAsync(FileTests.MakePicture);
        await b.EvaluateAsync(FileTests.MakePicture);

        await a.EvaluateAsync(
            "async () => CS.chat.createGroup('Painters', 'in oil', await picture(900, 500), code => window.created = code)");
        await a.WaitForAsync("window.created === 200", 30);
        var id = Assert.Single(await Trio.GroupsAsync(a));
        Assert.Equal(200, (await a.CallAsync("chat.addUsersToGroup", id, new[] { "bob" }, 1)).Code);

        var first = Text(await Trio.DetailsAsync(b, id), "groupprofilepic");
        Assert.Equal("500,500", await ShowAsync(first));
        Assert.Equal("200,200", await ShowAsync("thumb_" + first));
        Assert.Equal(first, Text(await JoinedAsync(b), "profilePic"));

        // With a key, like the original.
        var second = await a.EvaluateAsync<string>(
            "picture(300, 640).then(file => new Promise(resolve => CS.chat.uploadPhoto(file, (code, key) => resolve(key))))");
        Assert.Equal(200, (await a.CallAsync("chat.updateGroupInfo", "Painters", id, "in oil", second)).Code);
        await Trio.HearsAsync(b, "UPDATED-GROUP-INFO");
        Assert.Equal(second, await b.EvaluateAsync<string>("group.find(e => e.type === 'UPDATED-GROUP-INFO').payload.profilePic"));
        Assert.Equal("300,300", await ShowAsync(second));

        // An empty key leaves the picture as it is. A file that is not a picture is refused, and nothing has changed.
        Assert.Equal(200, (await a.CallAsync("chat.updateGroupInfo", "Sculptors", id, "in stone", "")).Code);
        await a.EvaluateAsync(
            $"CS.chat.updateGroupInfo('Writers', '{id}', 'in ink', new File(['no picture'], 'text.png', {{ type: 'image/png' }}), "
            + "code => window.refused = code)");
        await a.WaitForAsync("window.refused", 30);
        Assert.Equal(422, await a.EvaluateAsync<int>("window.refused"));
        var details = await Trio.DetailsAsync(b, id);
        Assert.Equal(
            ("Sculptors", "in stone", second),
            (Text(details, "groupname"), Text(details, "groupdescription"), Text(details, "groupprofilepic")));

        Task<string> ShowAsync(string key)
            => b.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}?' + Date.now()).then(String)");

        async Task<JsonElement> JoinedAsync(ChatPage page)
        {
            await Trio.HearsAsync(page, "USER-ADDED");
            return (await page.JsonAsync("group.find(e => e.type === 'USER-ADDED')")).GetProperty("payload");
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
