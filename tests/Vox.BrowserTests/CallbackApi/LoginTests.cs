using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>From the script tag to the logout.</summary>
public sealed class LoginTests(Backends backends, Browser browser)
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
    [InlineData("CS.initialize({appId: 'pid_x'}, done)", "pid_x")]
    [InlineData("CS.initialize(done)", "")]
    [InlineData("CS.initialize(null, done)", "")]
    [InlineData("{ CS.initialize({appId: 'pid_x'}, () => {}); CS.initialize({appId: 'pid_y'}, done); }", "pid_y")]
    public async Task Initialize_EveryForm_200SdkInitialized(string script, string appId)
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        await page.EvaluateAsync("window.done = function (code, text) { window.answer = [code, text, this === CS]; }");
        await page.EvaluateAsync(script);

        await page.WaitForAsync("window.answer");
        Assert.Equal("""[200,"SDK initialized",true]""", await page.EvaluateAsync<string>("JSON.stringify(answer)"));
        Assert.Equal(("0.4.10.2", appId, "iamlive_web"), (
            await page.EvaluateAsync<string>("CS.version"), await page.EvaluateAsync<string>("CS.appId"), await page.EvaluateAsync<string>("CS.clientId")));
        Assert.Matches(@"(^|; )iml_dev_id=\d+", await page.EvaluateAsync<string>("document.cookie"));
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
        await context.RouteAsync("**/res/iml.json", route => route.FulfillAsync(new() { Body = JsonSerializer.Serialize(new { server = backends.App.Address }) }));
        // The page and the script are somewhere else, as on a customer's site.
        await context.RouteAsync("http://customer.example/**", async route =>
        {
            var path = new Uri(route.Request.Url).AbsolutePath;
            if (path == "/js/calmsdk-001.js")
            {
                await route.FulfillAsync(new() { ContentType = "text/javascript", Body = await backends.App.Http.GetStringAsync("/js/calmsdk-001.js") });
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

    [Fact]
    public async Task Login_WrongPassword_401Unauthorized()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        var answer = await page.CallAsync("login", "alice", "wrong");

        Assert.Equal((401, "Unauthorized", true), (answer.Code, answer.Phrase, answer.IsCodeNumber));
        Assert.True(await page.EvaluateAsync<bool>("CS.loggedin"));
        Assert.Equal("alice", await page.EvaluateAsync<string>("CS.localUser"));
    }

    [Fact]
    public async Task Login_UnknownProject_404()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = "pid_0" }, ChatPage.Callback);

        Assert.Equal(404, (await page.CallAsync("login", "alice", "secret")).Code);
    }

    [Fact]
    public async Task Login_ServerNotThere_503WithinTheTimeLimit()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = "pid_x", server = "http://127.0.0.1:1" }, ChatPage.Callback);

        Assert.Equal(503, (await page.CallAsync("login", "alice", "secret")).Code);
    }

    [Fact]
    public async Task Login_WithThePushTokenOfTheGuide_Works()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        Assert.Equal(200, (await page.CallAsync("login", "alice", "secret", "push-token")).Code);
    }

    /// <summary>What a known app does inside its callback, before there is a live connection.</summary>
    [Fact]
    public async Task Login_CallsInsideTheCallback_AllAnswer()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.OpenAsync(backends.App.Address);

        await page.EvaluateAsync("""
            ([appId]) => {
              window.answers = {};
              const got = name => (code, resp) => { answers[name] = [code, resp]; };
              CS.initialize({ appId }, () => CS.login("alice", "secret", () => {
                CS.call.RegisterPSTN("alice", "secret", got("RegisterPSTN"));
                CS.chat.pullMyGroupsList(got("groups"));
                CS.contacts.getContacts((code, resp) => {
                  got("contacts")(code, resp);
                  CS.contacts.isAppContacts(resp.contacts, got("isApp"));
                  CS.contacts.getPresence(resp.contacts, got("presence"));
                });
                CS.contacts.getRecentContacts(20, 1, got("recents"));
                CS.chat.getPendingChat(got("pending"));
                CS.askPushNotificationPermission();
                CS.chat.getHistory("alice", 100, 1, (code, resp) => {
                  for (const i in resp.history) resp.history[i].id;
                  CS.call.getHistory("alice", 100, 1, got("callHistory"));
                });
              }));
            }
            """, new[] { project.Id });

        await page.WaitForAsync("Object.keys(answers).length === 8");
        var answers = await page.JsonAsync("answers");
        Assert.Equal("[]", answers.GetProperty("isApp")[1].GetRawText());
        Assert.Equal("[]", answers.GetProperty("presence")[1].GetRawText());
        Assert.Equal("""{"totalMessages":0,"pageSize":100,"history":[]}""", answers.GetProperty("callHistory")[1].GetRawText());
        Assert.Equal(200, answers.GetProperty("pending")[0].GetInt32());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task LogInToReady_ContactsRecentsPresence_AtMostSixRequests()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "one");
        await bob.SendChatAsync("alice", "two");
        await alice.SendChatAsync("bob", "three");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        await page.EvaluateAsync("""
            CS.login("bob", "secret", () => {
              CS.contacts.getContacts((_, resp) => {
                CS.contacts.isAppContacts(resp.contacts, (_, people) => window.people = people);
                CS.contacts.getPresence(resp.contacts, (_, presence) => window.presence = presence);
              });
              CS.contacts.getRecentContacts(20, 1, (_, resp) => window.recents = resp.list);
              CS.chat.getPendingChat(() => {});
            });
            """);
        await page.WaitForAsync("window.people && window.presence && window.recents && CS.connectionState === 1 && events.length >= 2");
        await page.SettledAsync("NEW-MESSAGE", 1_500);

        Assert.Equal(1, await page.EvaluateAsync<int>("recents.length"));
        // The receipt of what was pending is no part of it.
        Assert.True(page.Requests.Count(r => r != "POST /api/v1/receipts") <= 6, string.Join('\n', page.Requests));
    }

    [Fact]
    public async Task Logout_EndsTheSessionOnTheServerAndTheConnection()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
        var token = "";
        page.Page.Request += (_, request) => token = request.Headers.GetValueOrDefault("authorization", token);
        await page.CallAsync("contacts.getContacts");

        Assert.Equal(200, (await page.CallAsync("logout")).Code);

        var session = new TestSession(backends.App, token["Bearer ".Length..], "", "alice", "");
        using var response = await session.GetAsync("/api/v1/conversations");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(await page.EvaluateAsync<string?>("CS.localUser"));
        var count = page.Requests.Count;
        await Task.Delay(1_500);
        Assert.Equal(count, page.Requests.Count);
        Assert.Equal(4, await page.EvaluateAsync<int>("CS.connectionState"));
    }

    [Fact]
    public async Task Logout_NobodyLoggedIn_DoesNotThrow()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        await page.EvaluateAsync("CS.logout(); CS.logout()");

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Logout_ThenReloadAtOnce_StillReachesTheServer()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
        var token = "";
        page.Page.Request += (_, request) => token = request.Headers.GetValueOrDefault("authorization", token);
        await page.CallAsync("contacts.getContacts");

        await page.EvaluateAsync("CS.logout(); location.reload()");

        var session = new TestSession(backends.App, token["Bearer ".Length..], "", "alice", "");
        for (var i = 0; i < 50; i++)
        {
            using var response = await session.GetAsync("/api/v1/conversations");
            if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("The session goes on.");
    }

    [Theory]
    [InlineData("chat.sendMessage", "bob", "x", 1, 0)]
    [InlineData("chat.createGroup", "name", "", null)]
    [InlineData("chat.pullMyGroupsList")]
    [InlineData("chat.pullMyGroupDetails", "g1")]
    [InlineData("chat.deleteGroup", "g1")]
    public async Task GuardedMethods_NotLoggedIn_Text400AtOnce(string method, params object?[] values)
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        var answer = await page.CallAsync(method, [.. values, ChatPage.Callback]);

        Assert.Equal("\"400\"", answer.Json.GetProperty("code").GetRawText());
        Assert.Equal("User not logged in!", answer.Phrase);
        Assert.True(answer.Inside);
        Assert.Equal(JsonValueKind.Null, answer.Returned.ValueKind);
    }

    [Theory]
    [InlineData("chat.getHistory", """{"totalMessages":0,"pageSize":10,"history":[]}""", "x", 10, 1)]
    [InlineData("chat.getPendingChat", "\"Unauthorized\"")]
    [InlineData("chat.sendReadReceipt", "\"Unauthorized\"", "x", "id")]
    [InlineData("chat.sendDelivered", "\"Unauthorized\"", "x", "id", 0)]
    [InlineData("contacts.getContacts", """{"contacts":[],"types":[]}""")]
    [InlineData("contacts.addContact", "\"Unauthorized\"", "x")]
    [InlineData("contacts.removeContact", "\"Unauthorized\"", "x")]
    [InlineData("contacts.isAppContacts", "[]", "x")]
    [InlineData("contacts.getPresence", "[]", "x")]
    [InlineData("contacts.setProfile", "\"Unauthorized\"", "x", "", "")]
    [InlineData("contacts.getProfile", """{"displayName":"","Presence":"","profilePicture":""}""", "x")]
    [InlineData("contacts.blockUser", "null", "x")]
    [InlineData("contacts.unblockUser", "null", "x")]
    [InlineData("contacts.getRecentContacts", """{"totalMessages":0,"pageSize":20,"list":[]}""", 20, 1)]
    public async Task OtherMethods_NotLoggedIn_401InTheShapeOfSuccess(string method, string expected, params object?[] values)
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        var answer = await page.CallAsync(method, values);

        Assert.Equal((401, true, false), (answer.Code, answer.IsCodeNumber, answer.Inside));
        Assert.Equal(expected, answer.Resp.GetRawText());
    }

    [Fact]
    public async Task Login_PasswordGivenTwice_OneUserStays()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();

        await page.LogInAsync(alice);
        await page.LogInAsync(bob);
        await page.WaitUntilLiveAsync();
        await alice.SendChatAsync("bob", "Hello");

        Assert.Equal("alice", (await page.WaitForEventAsync("NEW-MESSAGE")).GetProperty("remoteUser").GetString());
        Assert.Single(await page.SettledAsync("NEW-MESSAGE"));
    }

    [Theory]
    [InlineData("signup", 403, "Forbiddon", "new", "secret")]
    [InlineData("createTempUser", 403, "Forbiddon", "new", "secret")]
    [InlineData("activate", 409, "NotAllowed", "new", "1234")]
    public async Task SelfRegistration_ProjectIsNotOpen_IsAnsweredWithANumber(string method, int code, string phrase, params object?[] values)
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
        Assert.Equal((409, "NotAllowed"), await page.CallAsync("signup", "carol", "another") is { } taken ? (taken.Code, taken.Phrase) : default);
        Assert.Equal(400, (await page.CallAsync("signup", "", "secret")).Code);
        Assert.Equal(200, (await page.CallAsync("login", "carol", "secret")).Code);

        var guest = await page.CallAsync("createTempUser", "guest", "pass");
        Assert.Equal((200, """{"user":"guest","pass":"pass"}"""), (guest.Code, guest.Resp.GetRawText()));
        var made = (await page.CallAsync("createTempUser", "", "")).Resp;
        Assert.Matches("^guest_[A-Za-z0-9]{12}$", made.GetProperty("user").GetString());
        // Who is logged in stays so.
        Assert.Equal("carol", await page.EvaluateAsync<string>("CS.localUser"));
        Assert.Equal(200, (await page.CallAsync("login", made.GetProperty("user").GetString(), made.GetProperty("pass").GetString())).Code);
    }
}
