using System.Security.Cryptography;
using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Two people in two browsers send each other files.</summary>
public sealed class FileTests(Backends backends, Browser browser)
{
    /// <summary><c>picture(width, height)</c> makes a file, <c>show(url)</c> says how large the picture there is.</summary>
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
    [InlineData("CS.chat.sendFile('bob', 4, file.type, undefined, file, 0, cb)")]
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
        Assert.Matches("^[A-Za-z0-9]{15}_my_picture.png$", key);
        Assert.Equal(key, answer.GetProperty("resp").GetProperty("url").GetString());
        var sent = await couple.Alice.WaitForEventAsync("SENT");
        Assert.Equal(answer.GetProperty("returned").GetProperty("id").GetString(), sent.GetProperty("id").GetString());

        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal((key, "thumb_" + key), (message.GetProperty("data").GetString(), message.GetProperty("thumbnail").GetString()));
        Assert.Equal(("image", "image/png"), (message.GetProperty("chattype").GetString(), message.GetProperty("contenttype").GetString()));
        Assert.Equal("200,100", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + 'thumb_{key}').then(String)"));
        Assert.Equal("800,400", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}' + '?' + Date.now()).then(String)"));
        var addresses = await couple.Bob.EvaluateAsync<string[]>($$"""
            Promise.all([
              new Promise(resolve => CS.chat.getMediaURLPrefix('{{key}}', (code, url) => resolve(code + url))),
              new Promise(resolve => CS.chat.getMediaURLPrefix('{{key}}', CS.appId, (code, url) => resolve(code + url))),
              '200' + CS.chat.getMediaURLPrefix() + '{{key}}',
            ])
            """);
        Assert.Single(addresses.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SendFile_BadInput_IsAnsweredAtOnceAsTheOriginalDoes()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        var answer = await couple.Alice.JsonAsync("(() => { let a; const r = CS.chat.sendFile('bob', 4, 'image/png', undefined, undefined, 0, (c, p) => a = [c, p]); return { a, r }; })()");
        var empty = await couple.Alice.JsonAsync("new Promise(resolve => CS.chat.sendFile('bob', 7, '', undefined, new File([], 'empty.txt'), 0, (c, p) => resolve([c, p.status])))");

        Assert.Equal("""{"a":[400,"invalid input. chatFileType or file content is empty"],"r":-1}""", answer.GetRawText());
        Assert.Equal("""[400,"Bad Request"]""", empty.GetRawText());
    }

    [Fact]
    public async Task SendVideo_ThatTheBrowserCanDecode_HasAFrameAsThumbnail()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync("""
            async () => {
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [320, 180];
              const drawing = canvas.getContext("2d");
              const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
              const parts = [];
              recorder.ondataavailable = e => parts.push(e.data);
              const stopped = new Promise(resolve => recorder.onstop = resolve);
              recorder.start();
              for (let i = 0; i < 20; i++) {
                drawing.fillStyle = `hsl(${i * 18} 80% 50%)`;
                drawing.fillRect(0, 0, 320, 180);
                await new Promise(resolve => setTimeout(resolve, 50));
              }
              recorder.stop();
              await stopped;
              CS.chat.sendVideo("bob", new File(parts, "film.webm", { type: "video/webm" }), undefined, (code, resp) => window.answer = { code, resp });
            }
            """);

        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE", seconds: 30);
        Assert.Equal(("video", "video/webm"), (message.GetProperty("chattype").GetString(), message.GetProperty("contenttype").GetString()));
        Assert.Equal("200,113", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{message.GetProperty("thumbnail").GetString()}').then(String)"));
    }

    [Fact]
    public async Task SetProfile_WithAFile_OthersSeeASquarePicture()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync(MakePicture);
        await couple.Bob.EvaluateAsync(MakePicture);

        await couple.Alice.EvaluateAsync("async () => { const file = await picture(900, 500); CS.contacts.setProfile('Alice', '', file, code => window.code = code); }");
        await couple.Alice.WaitForAsync("window.code === 200");

        var profile = await couple.Bob.CallAsync("contacts.getProfile", "alice");
        var key = profile.Resp.GetProperty("profilePicture").GetString();
        Assert.Equal("500,500", await couple.Bob.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}?' + Date.now()).then(String)"));
    }

    private async Task<IPage> DemoAsync(TestUser user, string peer)
    {
        var page = await (await browser.NewContextAsync()).NewPageAsync();
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

    private static async Task PickAsync(ChatPage page, string path)
    {
        await page.EvaluateAsync("() => { const pick = document.createElement('input'); pick.type = 'file'; pick.id = 'pick'; document.body.append(pick); }");
        await page.Page.Locator("#pick").SetInputFilesAsync(path);
    }

    /// <summary>A video by its first bytes, and then anything.</summary>
    private static async Task<string> WriteVideoAsync(string path, int length)
    {
        await using var file = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] head = [0, 0, 0, 24, .. "ftypisom\0\0\u0002\0isommp42"u8];
        var written = 0;
        while (written < length)
        {
            var block = RandomNumberGenerator.GetBytes(Math.Min(1_000_000, length - written));
            if (written == 0)
            {
                head.CopyTo(block, 0);
            }

            hash.AppendData(block);
            await file.WriteAsync(block);
            written += block.Length;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
