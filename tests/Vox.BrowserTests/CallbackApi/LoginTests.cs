using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>From the log-in to the logout, and the answers to users who are not logged in.</summary>
public sealed class LoginTests(Backends backends, Browser browser)
{
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
        Assert.Equal([$"GET /api/v1/projects/{project.Id}"], page.Requests);
        page.Requests.Clear();

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
        // The receipt for pending messages does not count, and neither does the first sign of life some seconds later.
        Assert.True(
            page.Requests.Count(r => r is not ("POST /api/v1/receipts" or "POST /api/v1/presence")) <= 6, string.Join('\n', page.Requests));
    }

    [Fact]
    public async Task Logout_EndsTheSessionOnTheServerAndTheConnection()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();

        Assert.Equal(200, (await page.CallAsync("logout")).Code);

        await page.SessionEndedAsync(backends.App);
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

        await page.EvaluateAsync("CS.logout(); location.reload()");

        await page.SessionEndedAsync(backends.App);
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
}
