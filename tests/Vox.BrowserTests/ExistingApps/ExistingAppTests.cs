using System.Net.Http.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>What an app that was written for the original does, from its start to its logout. Only its script tag has changed.</summary>
public sealed class ExistingAppTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task OpenChat_HistoryOfEveryType_IsShownFromInsideTheCallHistory()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await bob.LogInAsync();
        foreach (var (type, data) in new[]
        {
            (1, "<b>text</b>"), (2, "<i>html</i>"), (3, """{"lat":1,"lon":2}"""), (6, """{"name":"Carol","numbers":["1"]}"""),
            (7, "abcdefghijklmno_paper.pdf"),
        })
        {
            await session.PostJsonAsync("/api/v1/messages", new { to = "alice", data, type });
        }

        await using var page = await ExistingApp.LogInAsync(browser, alice);
        await page.OpenChatAsync("bob");
        await page.ShowsAsync("bob", await page.SendTextAsync("mine"), "SENT");

        await page.EvaluateAsync("() => { delete app.history.bob; app.openChat('bob'); }");

        await page.WaitForAsync("document.querySelectorAll('#messages li').length === 6 && document.querySelector('#messages a').href");
        Assert.Equal(
            [
                "theirs Text|<b>text</b>", "theirs html|<i>html</i>", """theirs location|{"lat":1,"lon":2}""",
                """theirs contact|{"name":"Carol","numbers":["1"]}""", "theirs document|paper.pdf", "mine Text|mine"
            ],
            await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('#messages li')].map(li => `${li.className}|${li.textContent}`)"));
        Assert.Equal(
            await page.EvaluateAsync<string>("CS.chat.getMediaURLPrefix() + 'abcdefghijklmno_paper.pdf'"),
            await page.EvaluateAsync<string>("document.querySelector('#messages a').href"));
        Assert.Empty(
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('#messages b, #messages i')].map(e => e.outerHTML)"));
    }

    [Fact]
    public async Task SendText_StatusGoesFromPendingToRead_AndNeverBack()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await alice.OpenChatAsync("bob");
        await bob.OpenChatAsync("alice");

        var id = await alice.SendTextAsync("Hello Bob");

        // The conversation is open on Bob's side, so the app there reports at once that it was read.
        await bob.WaitForAsync($"app.history.alice.some(m => m.id === '{id}' && m.data === 'Hello Bob' && m.type === 'Text')");
        await alice.ShowsAsync("bob", id, "READ");
        await bob.WaitForAsync("app.codes.read === 200");
        await alice.WaitForAsync("app.events.some(e => e.type === 'DELIVERED')");
        Assert.Equal("READ", await alice.EvaluateAsync<string>("app.history.bob[0].status"));
    }

    [Fact]
    public async Task Incoming_ConversationNotOpen_IsReadWhenItIsOpened()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await alice.OpenChatAsync("bob");

        var ids = new[] { await alice.SendTextAsync("one"), await alice.SendTextAsync("two") };
        await bob.WaitForAsync("app.pending.alice?.length === 2");
        await alice.ShowsAsync("bob", ids[1], "DELIVERED");
        await bob.OpenChatAsync("alice");

        await alice.ShowsAsync("bob", ids[0], "READ");
        await alice.ShowsAsync("bob", ids[1], "READ");
    }

    [Fact]
    public async Task Receipts_OfMessagesThatThePageDoesNotKnow_DoNoHarm()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        var user = new TestUser(couple.Project, "alice", "secret");
        // Sent from another device: the app on this page looks for the conversation, and fails.
        await user.SendChatAsync("bob", "from elsewhere");
        await bob.WaitForAsync("app.pending.alice?.length === 1");
        await bob.OpenChatAsync("alice");
        await alice.WaitForAsync("app.events.some(e => e.type === 'READ')");

        await alice.OpenChatAsync("bob");
        var id = await alice.SendTextAsync("from here");

        await alice.ShowsAsync("bob", id, "READ");
        Assert.Empty(alice.Errors);
    }

    [Fact]
    public async Task SendFile_ImageVideoAndDocument_AreShownOnBothSides()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await alice.OpenChatAsync("bob");
        await bob.OpenChatAsync("alice");

        await alice.EvaluateAsync("""
            async () => {
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [300, 150];
              canvas.getContext("2d").fillRect(0, 0, 300, 150);
              const picture = await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
              app.sendFile(CS.chat.ChatFileType.IMAGE, new File([picture], "sea.png", { type: "image/png" }));
              app.sendFile(CS.chat.ChatFileType.VIDEO, new File([new Uint8Array([0, 0, 0, 24]), "ftypisom\0\0\u0002\0isommp42", new Uint8Array(100)], "film.mp4", { type: "video/mp4" }));
              app.sendFile(CS.chat.ChatFileType.DOCUMENT, new File(["%PDF-1.7 hello"], "paper.pdf", { type: "application/pdf" }));
            }
            """);

        foreach (var (page, side) in new[] { (alice, "mine"), (bob, "theirs") })
        {
            await page.WaitForAsync($"document.querySelectorAll('#messages li.{side}').length === 3");
            await page.WaitForAsync("document.querySelector('#messages img').naturalWidth === 300");
            await page.WaitForAsync("document.querySelector('#messages video').src.endsWith('_film.mp4')");
            await page.WaitForAsync("document.querySelector('#messages a').href.endsWith('_paper.pdf')");
        }

        using var http = new HttpClient();
        var download = await http.GetAsync(new Uri(await bob.EvaluateAsync<string>("document.querySelector('#messages a').href")));
        Assert.Equal("%PDF-1.7 hello", await download.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Typing_WithEveryKey_OtherSideShowsIt()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;

        await alice.EvaluateAsync("for (const _ of 'Hello') CS.chat.sendIsTyping('bob', '')");

        await bob.WaitForAsync("app.events.some(e => e.type === 'IS-COMPOSING' && e.remoteUser === 'alice' && e.groupId === '')");
    }

    [Fact]
    public async Task PresenceAndProfile_OfAContact_AreFollowed()
    {
        var project = await backends.App.CreateProjectAsync();
        var (user, other) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await using var alice = await ExistingApp.LogInAsync(browser, user);
        await alice.EvaluateAsync("CS.contacts.addContact('bob', (code, resp) => { app.codes.add = code; })");
        await alice.WaitForAsync("app.codes.add === 200");

        await using (var bob = await ExistingApp.LogInAsync(browser, other))
        {
            await alice.WaitForAsync("app.presence.bob === true");
            await bob.EvaluateAsync("CS.contacts.setProfile('Bob', 'At sea', '', (ret, resp) => { app.saved = ret == '200'; })");
            await bob.WaitForAsync("app.saved === true");
            await alice.WaitForAsync("app.known.bob?.name === 'BOB' && app.known.bob.text === 'At sea'");
            await bob.EvaluateAsync(
                "CS.contacts.getProfile('bob', (code, resp) => { app.profile = resp.displayName + '|' + resp.Presence; })");
            await bob.WaitForAsync("app.profile === 'Bob|At sea'");
            await bob.EvaluateAsync("CS.contacts.setProfile('Bob', '', 'abcdefghijklmno_me.png', () => {})");
            await alice.WaitForAsync("app.known.bob?.picture?.startsWith(CS.chat.getMediaURLPrefix() + 'abcdefghijklmno_me.png?')");
        }

        await alice.WaitForAsync("app.presence.bob === false");
    }

    [Fact]
    public async Task Contacts_AddBlockAndRemove_AnswerAsAppsExpect()
    {
        await using var couple = await ExistingApp.MeetAsync(backends, browser);
        var (alice, bob) = couple;

        await alice.EvaluateAsync("""
            () => {
              const got = name => (code, resp) => { app.codes[name] = code; };
              CS.contacts.addContact("bob", got("known"));
              CS.contacts.addContact("nobody yet", got("unknown"));
              CS.contacts.blockUser("bob", code => {
                app.codes.block = code;
                CS.contacts.unblockUser("bob", code => {
                  app.codes.unblock = code;
                  CS.contacts.removeContact("bob", got("remove"));
                });
              });
            }
            """);

        await alice.WaitForAsync("['known', 'unknown', 'remove'].every(n => app.codes[n])");
        Assert.Equal(
            "200,204,200,200,200",
            await alice.EvaluateAsync<string>("['known', 'unknown', 'block', 'unblock', 'remove'].map(n => app.codes[n]).join()"));
    }
}
