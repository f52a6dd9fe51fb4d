using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>The script tag, and <c>CS.initialize</c>.</summary>
public sealed class InitializeTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Load_BeforeInitialize_HasWhatAppsTouch()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        var faults = await page.EvaluateAsync<string[]>("""
            () => {
              const faults = [];
              const check = (name, ok) => ok || faults.push(name);
              const fns = { CS: [CS, "initialize login logout signup activate createTempUser askPushNotificationPermission send_msg"],
                chat: [CS.chat, "onMessage sendMessage sendFile sendPhoto sendVideo getHistory getPendingChat sendReadReceipt sendRead sendDelivered sendGroupDelivered sendIsTyping sendChatResponse sendGroupChatResponse getMediaURLPrefix getRecentContacts createGroup pullMyGroupsList pullMyGroupDetails updateGroupInfo addUsersToGroup delUsersToGroupReq addAdminsToGroup delAdminsToGroup exitFromGroup deleteGroup blockGroup"],
                contacts: [CS.contacts, "onMessage addContact removeContact getContacts isAppContacts getPresence setProfile getProfile blockUser unblockUser getRecentContacts"],
                groupManagemt: [CS.groupManagemt, "init onMessage"],
                call: [CS.call, "onMessage startCall startPSTNCall answer decline end mute isMuted getHistory RegisterPSTN saveRecording deleteRecording getMediaStream sendAnswer sendIce createConference answerConference endConference muteConference subscribePeers videoCallFunct sendAnswerConference sendAnswerConference1 sendIceConference sendIceConference1"] };
              for (const [name, [object, list]] of Object.entries(fns)) for (const f of list.split(" ")) check(`${name}.${f}`, typeof object[f] === "function");
              for (const name of ["chat", "contacts", "call", "stream", "groupManagemt"]) check(`${name}.super`, CS[name].super === CS);
              check("version", CS.version === undefined);
              check("appId", CS.appId === "" && CS.localUser === null && CS.localuser === "" && CS.timeOffset === 0 && CS.s3Bin === "" && CS.clientId === 0);
              check("types", JSON.stringify(CS.chat.ChatType) === '{"TEXT_PLAIN":1,"TEXT_HTML":2,"LOCATION":3,"IMAGE":4,"VIDEO":5,"CONTACT":6,"DOCUMENT":7}');
              check("file types", JSON.stringify(CS.chat.ChatFileType) === '{"IMAGE":4,"VIDEO":5,"DOCUMENT":7}');
              check("chatSeqNo", CS.chat.chatSeqNo === 1);
              CS.subscriberConnected = false; CS.subscribeFlag = 1; CS.subscribeOfferArr = []; CS.subscribeOfferObj = {};
              for (const name of ["conferenceAnswered", "videoEleUiCount", "subscribedUsers", "remoteUser", "conferenceInitiator", "alertDetails", "remoteSDP", "activeCallId", "callObj", "localStream", "peerConnection", "screenShareArr", "isMuted"]) {
                CS.call[name] = true;
                check(name, CS.call[name] === true);
              }
              CS.call.super.remoteUser = "x";
              CS.servers = { iceServers: [] };
              return faults;
            }
            """);

        Assert.Empty(faults);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("CS.initialize({appId: '%'}, done)")]
    [InlineData("{ CS.appId = '%'; CS.initialize(done); }")]
    [InlineData("{ CS.appId = '%'; CS.initialize(null, done); }")]
    [InlineData("{ CS.initialize({appId: 'pid_x'}, () => {}); CS.initialize({appId: '%'}, done); }")]
    public async Task Initialize_EveryForm_200SdkInitialized(string script)
    {
        var appId = (await backends.App.CreateProjectAsync()).Id;
        await using var page = await browser.OpenAsync(backends.App.Address);

        // This is inside an arrow function because Playwright calls an expression that is a function, and that call would be the answer.
        await page.EvaluateAsync("() => { window.done = function (code, text) { window.answer = [code, text, this === CS]; }; }");
        await page.EvaluateAsync(script.Replace("%", appId, StringComparison.Ordinal));

        await page.WaitForAsync("window.answer");
        Assert.Equal("""[200,"SDK initialized",true]""", await page.EvaluateAsync<string>("JSON.stringify(answer)"));
        Assert.Equal(("0.4.10.2", appId, "iamlive_web"), (
            await page.EvaluateAsync<string>("CS.version"), await page.EvaluateAsync<string>("CS.appId"),
            await page.EvaluateAsync<string>("CS.clientId")));
        Assert.Matches(@"(^|; )iml_dev_id=\d+", await page.EvaluateAsync<string>("document.cookie"));
    }

    [Theory]
    [InlineData(false, 500, "does not answer")]
    [InlineData(true, 500, "does not answer")]
    public async Task Initialize_NoServerOrOffline_500WithASentence(bool offline, int code, string sentence)
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.Page.Context.SetOfflineAsync(offline);

        var answer = await page.CallAsync(
            "initialize", new { appId = project.Id, server = offline ? backends.App.Address.ToString() : "http://127.0.0.1:1" },
            ChatPage.Callback);

        Assert.Equal(code, answer.Code);
        Assert.Contains(sentence, answer.Phrase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_ServerThatIsNoChatServer_500WithASentence()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.Page.RouteAsync("**/api/v1/projects/**", route => route.FulfillAsync(new() { Status = 404, Body = "<html></html>" }));

        var answer = await page.CallAsync("initialize", new { appId = "pid_x" }, ChatPage.Callback);

        Assert.Equal(500, answer.Code);
        Assert.Contains("no chat server", answer.Phrase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_UnknownProject_404WithASentence()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        var answer = await page.CallAsync("initialize", new { appId = "pid_x" }, ChatPage.Callback);

        Assert.Equal(404, answer.Code);
        Assert.Contains("no project \"pid_x\"", answer.Phrase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InitializeAndLogIn_WithoutAnAppId_404AndSaySo()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        foreach (var answer in (CallbackAnswer[])[
            await page.CallAsync("initialize", ChatPage.Callback), await page.CallAsync("login", "alice", "secret")])
        {
            Assert.Equal(404, answer.Code);
            Assert.Contains("appId", answer.Phrase, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, """{"nested":{"iamlive":{"nested":{"msg":{"fields":{}}}}}}""")]
    [InlineData(200, "this is no JSON")]
    [InlineData(200, "null")]
    [InlineData(200, """{"server":"javascript:alert(1)"}""")]
    public async Task Initialize_FileMissingOrTheVendors_NoError(int status, string body)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.Page.RouteAsync("**/res/iml.json", route => route.FulfillAsync(new() { Status = status, Body = body }));

        await page.LogInAsync(alice);
    }

    [Fact]
    public async Task Initialize_FileNamesAServer_IsUsed()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var context = await browser.NewContextAsync();
        await context.RouteAsync(
            "**/res/iml.json",
            route => route.FulfillAsync(new() { Body = JsonSerializer.Serialize(new { server = backends.App.Address }) }));
        // The page and the script are on different origins, as on a customer's site.
        await context.RouteAsync("http://customer.example/**", async route =>
        {
            var path = new Uri(route.Request.Url).AbsolutePath;
            if (path == "/js/calmsdk-001.js")
            {
                await route.FulfillAsync(
                    new() { ContentType = "text/javascript", Body = await backends.App.Http.GetStringAsync("/js/calmsdk-001.js") });
            }
            else
            {
                await route.FallbackAsync();
            }
        });
        await using var page = await browser.OpenAsync(new Uri("http://customer.example"), context);

        await page.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
    }
}
