using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Two people in two browsers send each other files.</summary>
public sealed class FileTests(Backends backends, Browser browser)
{
    /// <summary><c>picture(width, height)</c> makes a file. <c>show(url)</c> tells the size of the picture at that address.</summary>
    internal const string MakePicture = """
        window.picture = (width, height, type = "image/png") => new Promise(resolve => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [width, height];
          const drawing = canvas.getContext("2d");
          drawing.fillStyle = "teal";
          drawing.fillRect(0, 0, width, height);
          canvas.toBlob(blob => resolve(new File([blob], "my picture.png", { type })), type);
        });
        window.show = url => new Promise(resolve => {
          const image = new Image();
          image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
          image.onerror = () => resolve(null);
          image.src = url;
        });
        """;

    [Theory]
    [InlineData("CS.chat.sendFile('bob', 4, file.type, undefined, file, true, cb)")]
    [InlineData("CS.chat.sendFile('bob', CS.chat.ChatFileType.IMAGE, file.type, '', file, true, CS.appId, cb)")]
    [InlineData("CS.chat.sendFile('bob', file, undefined, cb)")]
    [InlineData("CS.chat.sendPhoto('bob', file, cb)")]
    public async Task SendFile_ImageInAnyForm_ReceiverSeesThumbnailAndFile(string call)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync(MakePicture);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync($$"""
            async () => {
              const file = window.file = await picture(800, 400);
              const cb = (code, resp) => window.answer = { code, resp };
              window.returned = {{call}};
            }
            """);

        await couple.Alice.WaitForAsync("window.answer");
        var answer = await couple.Alice.JsonAsync("({ ...answer, returned, inside: typeof returned.url })");
        Assert.Equal(200, answer.GetProperty("code").GetInt32());
        Assert.Equal("OK", answer.GetProperty("resp").GetProperty("status").GetString());
        var key = answer.GetProperty("returned").GetProperty("url").GetString()!;
        Assert.Matches("^[A-Za-z0-9]{15}_my picture.png$", key);
        Assert.Equal(key, answer.GetProperty("resp").GetProperty("url").GetString());
        var sent = await couple.Alice.WaitForEventAsync("SENT");
        Assert.Equal(answer.GetProperty("returned").GetProperty("id").GetString(), sent.GetProperty("id").GetString());

        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal((key, "thumb_" + key), (message.GetProperty("data").GetString(), message.GetProperty("thumbnail").GetString()));
        Assert.Equal(("image", "image/png"), (message.GetProperty("chattype").GetString(), message.GetProperty("contenttype").GetString()));
        Assert.Equal("200,100", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + 'thumb_{key}').then(String)"));
        Assert.Equal(
            "800,400",
            await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}' + '?' + Date.now()).then(String)"));
        var addresses = await couple.Bob.EvaluateAsync<string[]>($$"""
            Promise.all([
              new Promise(resolve => CS.chat.getMediaURLPrefix('{{key}}', (code, url) => resolve(code + url))),
              new Promise(resolve => CS.chat.getMediaURLPrefix('{{key}}', CS.appId, (code, url) => resolve(code + url))),
              '200' + CS.chat.getMediaURLPrefix() + encodeURIComponent('{{key}}'),
            ])
            """);
        Assert.Single(addresses.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SendFile_BadInput_IsAnsweredAtOnceAsTheOriginalDoes()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        var answer = await couple.Alice.JsonAsync(
            "(() => { let a; const r = CS.chat.sendFile('bob', 4, 'image/png', undefined, undefined, true, (c, p) => a = [c, p]); "
            + "return { a, r }; })()");
        var empty = await couple.Alice.JsonAsync(
            "new Promise(resolve => CS.chat.sendFile('bob', 7, '', undefined, new File([], 'empty.txt'), true, "
            + "(c, p) => resolve([c, p.status])))");

        Assert.Equal("""{"a":[400,"invalid input. chatFileType or file content is empty"],"r":-1}""", answer.GetRawText());
        Assert.Equal("""[400,"Bad Request"]""", empty.GetRawText());
    }

    /// <summary>A page or a drawing with a script. When somebody opens its address, the browser saves it, and nothing in it runs.</summary>
    [Theory]
    [InlineData("page.html", "text/html", "<!doctype html><script>document.title = 'ran'; alert(1)</script>")]
    [InlineData(
        "drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>")]
    [InlineData("picture.png", "image/png", "<!doctype html><script>alert(1)</script>")]
    public async Task MediaAddress_OfWhatCouldRun_IsSavedAndNothingRuns(string name, string type, string content)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync(
            "([name, type, content]) => CS.chat.sendFile('bob', name.endsWith('html') ? 7 : 4, type, '', new File([content], name, "
            + "{ type }), 0, () => {})",
            new[] { name, type, content });
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal("document", message.GetProperty("chattype").GetString());
        var address = await couple.Bob.EvaluateAsync<string>($"CS.chat.getMediaURLPrefix() + '{message.GetProperty("data").GetString()}'");
        var page = await couple.Bob.Page.Context.NewPageAsync();
        var ran = false;
        page.Dialog += (_, dialog) =>
        {
            ran = true;
            _ = dialog.DismissAsync();
        };

        var download = await page.RunAndWaitForDownloadAsync(() => page.EvaluateAsync("address => { location.href = address; }", address));

        Assert.EndsWith(name, download.SuggestedFilename, StringComparison.Ordinal);
        // It does not run inside another page either.
        await couple.Bob.EvaluateAsync(
            "address => new Promise(resolve => { const frame = document.createElement('iframe'); frame.src = address; "
            + "frame.onload = resolve; setTimeout(resolve, 1000); document.body.append(frame); })",
            address);
        Assert.False(ran);
        Assert.Equal("about:blank", page.Url);
    }

    [Fact]
    public async Task SendVideo_ThatTheBrowserCanDecode_HasAFrameAsThumbnail()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync(
            "async () => { " + Film.Make + " CS.chat.sendVideo('bob', film, undefined, (code, resp) => window.answer = { code, resp }); }");

        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE", seconds: 30);
        Assert.Equal(
            ("video", "video/webm"), (message.GetProperty("chattype").GetString(), message.GetProperty("contenttype").GetString()));
        Assert.Equal(
            "200,113",
            await couple.Bob.EvaluateAsync<string>(
                $"show(CS.chat.getMediaURLPrefix() + '{message.GetProperty("thumbnail").GetString()}').then(String)"));
    }

    [Fact]
    public async Task SetProfile_WithAFile_OthersSeeASquarePicture()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync(MakePicture);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync(
            "async () => { const file = await picture(900, 500); CS.contacts.setProfile('Alice', '', file, code => window.code = code); }");
        await couple.Alice.WaitForAsync("window.code === 200");

        var profile = await couple.Bob.CallAsync("contacts.getProfile", "alice");
        var key = profile.Resp.GetProperty("profilePicture").GetString();
        Assert.Equal(
            "500,500", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}?' + Date.now()).then(String)"));
    }

    /// <summary>The picture becomes square and loses its location data. It takes the same path as files.</summary>
    [Fact]
    public async Task Groups_WithAPhoto_MembersSeeASquare()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync(MakePicture);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync("""
            async () => CS.chat.createGroup("Friends", "", await picture(300, 700, "image/jpeg"), code => CS.chat.pullMyGroupsList((_, ids) =>
              CS.chat.addUsersToGroup(ids[0], ["bob"], 1, () => { window.group = ids[0]; })))
            """);
        await couple.Alice.WaitForAsync("window.group");

        var details = await couple.Bob.CallAsync("chat.pullMyGroupDetails", await couple.Alice.EvaluateAsync<string>("group"));
        var key = details.Resp.GetProperty("groupprofilepic").GetString();
        Assert.Equal(
            "300,300", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}?' + Date.now()).then(String)"));
    }

    [Fact]
    public async Task SetProfile_WithAFileThatIsNoPicture_422AndTheProfileStays()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("contacts.setProfile", "Alice", "", "old.png");

        await couple.Alice.EvaluateAsync(
            "CS.contacts.setProfile('Other', '', new File(['<svg onload=alert(1)>'], 'me.png', { type: 'image/png' }), "
            + "code => { window.code = code; })");

        await couple.Alice.WaitForAsync("window.code === 422");
        var profile = (await couple.Bob.CallAsync("contacts.getProfile", "alice")).Resp;
        Assert.Equal(
            ("Alice", "old.png"), (profile.GetProperty("displayName").GetString(), profile.GetProperty("profilePicture").GetString()));
    }

    [Theory]
    [InlineData(3, "At the old mill")]
    [InlineData(3, "52.5,13.4")]
    [InlineData(3, """{"latitude":52.5,"longitude":13.4}""")]
    [InlineData(3, """{"lat":52.5,"lon":13.4,"address":"Berlin"}""")]
    [InlineData(6, "Carol, +49 170 1")]
    [InlineData(6, """{"name":"Carol","numbers":["+49 170 1"],"labels":["mobile"]}""")]
    public async Task SendMessage_LocationOrContactInAnyForm_ArrivesAsItIs(int type, string data)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        var answer = await couple.Alice.CallAsync("chat.sendMessage", "bob", data, type, 0, ChatPage.Callback, true);

        Assert.Equal(200, answer.Code);
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(
            (data, type == 3 ? "location" : "contact"),
            (message.GetProperty("data").GetString(), message.GetProperty("chattype").GetString()));
    }

    [Theory]
    [InlineData(3, """{"lat":152.5,"lon":13.4}""")]
    [InlineData(6, """{"name":"Carol","numbers":[]}""")]
    public async Task SendMessage_LocationOrContactWithWrongValues_400(int type, string data)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        Assert.Equal(400, (await couple.Alice.CallAsync("chat.sendMessage", "bob", data, type, 0, ChatPage.Callback, true)).Code);
        Assert.Empty(await couple.Bob.SettledAsync("NEW-MESSAGE"));
    }
}
