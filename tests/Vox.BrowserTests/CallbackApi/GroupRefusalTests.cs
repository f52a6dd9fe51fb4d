using System.Text.Json;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>
/// What is refused in groups and with which number, tested from three browsers. Each time the group stays the same as before.
/// </summary>
public sealed class GroupRefusalTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task NonMember_SendingReadingAndManaging_403()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob");
        var message = await Trio.SendAsync(a, id, "secret");
        var before = (await Trio.DetailsAsync(a, id)).GetRawText();

        foreach (var (method, values) in new (string, object?[])[]
        {
            ("chat.sendMessage", [id, "let me in", 1, true, ChatPage.Callback, false]), ("chat.getHistory", [id, 100, 1]),
            ("chat.pullMyGroupDetails", [id]),
            ("chat.sendReadReceipt", [id, message, ChatPage.Callback, false, "alice"]),
            ("chat.sendGroupDelivered", ["alice", message, id, 0]),
            ("chat.updateGroupInfo", ["Mine", id, "", ""]), ("chat.addUsersToGroup", [id, (string[])["carol"], 1]),
            ("chat.delUsersToGroupReq", [id, "bob"]),
            ("chat.addAdminsToGroup", [id, (string[])["carol"]]), ("chat.delAdminsToGroup", [id, "alice"]),
            ("chat.exitFromGroup", [id, "carol"]),
            ("chat.deleteGroup", [id]), ("chat.blockGroup", [id, "carol"]), ("chat.unblockGroup", [id, "carol"]),
        })
        {
            Assert.Equal((method, 403), (method, (await c.CallAsync(method, values)).Code));
        }

        var sent = Assert.Single(await c.SettledAsync("SENT"));
        Assert.Equal(
            (403, id, id),
            (sent.GetProperty("status").GetInt32(), sent.GetProperty("remoteUser").GetString(), sent.GetProperty("groupid").GetString()));
        var refused = await c.JsonAsync(
            $"new Promise(resolve => {{ const r = CS.chat.sendFile('{id}', 7, 'text/plain', undefined, new File(['hello'], 'note.txt'), "
            + "true, (code, resp) => resolve([code, resp.status, resp.url === r.url])); })");
        Assert.Equal("""[403,"Forbiddon",true]""", refused.GetRawText());
        Assert.Empty(await Trio.GroupsAsync(c));
        Assert.Equal(before, (await Trio.DetailsAsync(a, id)).GetRawText());
        await Trio.SendAsync(a, id, "after it");
        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === 'after it'");
        Assert.Equal(["secret", "after it"], (await b.SettledAsync("NEW-MESSAGE")).Select(m => m.GetProperty("data").GetString()));
        Assert.Empty(await c.SettledAsync("NEW-MESSAGE"));
        Assert.Empty(await Trio.HeardAsync(a));
    }

    [Fact]
    public async Task Member_AdminThingsAndTheOwner_403()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        Assert.Equal(200, (await a.CallAsync("chat.addAdminsToGroup", id, new[] { "carol" })).Code);
        await trio.Project.CreateUserAsync("dave");
        var before = (await Trio.DetailsAsync(a, id)).GetRawText();

        // First a member, then an admin against the owner, then the owner against themselves.
        foreach (var (page, method, values) in new (ChatPage, string, object?[])[]
        {
            (b, "chat.updateGroupInfo", ["Mine", id, "", ""]), (b, "chat.addUsersToGroup", [id, (string[])["dave"], 1]),
            (b, "chat.delUsersToGroupReq", [id, "carol"]),
            (b, "chat.addAdminsToGroup", [id, (string[])["bob"]]), (b, "chat.delAdminsToGroup", [id, "carol"]),
            (b, "chat.deleteGroup", [id]),
            (b, "chat.delUsersToGroupReq", [id, "alice"]),
            (c, "chat.delUsersToGroupReq", [id, "alice"]), (c, "chat.delAdminsToGroup", [id, "alice"]), (c, "chat.deleteGroup", [id]),
            (a, "chat.delAdminsToGroup", [id, "alice"]),
        })
        {
            Assert.Equal((method, 403), (method, (await page.CallAsync(method, values)).Code));
        }

        Assert.Equal(before, (await Trio.DetailsAsync(b, id)).GetRawText());
        Assert.Equal(200, (await c.CallAsync("chat.delAdminsToGroup", id, "carol")).Code);
    }

    [Fact]
    public async Task AddUsers_UnknownBlockedOrThereAlready_ClearCodesAndNobodyIsAdded()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob");
        Assert.Equal(200, (await c.CallAsync("contacts.blockUser", "alice")).Code);
        await trio.Project.CreateUserAsync("dave");
        var before = (await Trio.DetailsAsync(a, id)).GetRawText();

        Assert.Equal((404, 0), Added(await a.CallAsync("chat.addUsersToGroup", id, new[] { "dave", "nobody" }, 2)));
        Assert.Equal((403, 0), Added(await a.CallAsync("chat.addUsersToGroup", id, new[] { "dave", "carol" }, 2)));
        Assert.Equal(200, (await c.CallAsync("contacts.unblockUser", "alice")).Code);
        Assert.Equal(200, (await a.CallAsync("contacts.blockUser", "carol")).Code);
        Assert.Equal((403, 0), Added(await a.CallAsync("chat.addUsersToGroup", id, new[] { "dave", "carol" }, 2)));
        Assert.Equal((400, 0), Added(await a.CallAsync("chat.addUsersToGroup", id, Array.Empty<string>(), 0)));
        Assert.Equal(404, (await a.CallAsync("chat.addAdminsToGroup", id, new[] { "dave" })).Code);

        // A change that is there already, or comes twice in one call, counts once, and nobody is told.
        Assert.Equal((200, 2), Added(await a.CallAsync("chat.addUsersToGroup", id, new[] { "bob", "bob", "alice" }, 3)));
        Assert.Equal(200, (await a.CallAsync("chat.delUsersToGroupReq", id, "dave")).Code);
        Assert.Equal(before, (await Trio.DetailsAsync(a, id)).GetRawText());
        await Trio.SendAsync(a, id, "last");
        await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(["USER-ADDED"], await Trio.HeardAsync(b));
        Assert.Empty(await Trio.HeardAsync(c));

        static (int, int) Added(CallbackAnswer answer) => (answer.Code, answer.Resp.GetProperty("groupcontacts").GetArrayLength());
    }

    [Fact]
    public async Task TwoAdmins_RemovingEachOtherAtOnce_OneStays()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        for (var round = 0; round < 3; round++)
        {
            var id = await trio.CreateAsync("bob", "carol");
            Assert.Equal(200, (await a.CallAsync("chat.addAdminsToGroup", id, new[] { "bob", "carol" })).Code);

            var codes = await Task.WhenAll(
                CodeAsync(b.CallAsync("chat.delUsersToGroupReq", id, "carol")),
                CodeAsync(c.CallAsync("chat.delUsersToGroupReq", id, "bob")));

            Assert.Equal([200, 403], codes.Order());
            var (stays, goes, page) = codes[0] == 200 ? ("bob", c, b) : ("carol", b, c);
            foreach (var member in new[] { a, page })
            {
                Assert.Equal($"""["alice","{stays}"]""", (await Trio.DetailsAsync(member, id)).GetProperty("groupcontacts").GetRawText());
            }

            Assert.Equal(403, (await goes.CallAsync("chat.pullMyGroupDetails", id)).Code);
            await Trio.SendAsync(a, id, $"round {round}");
            await page.WaitForEventAsync("NEW-MESSAGE", $"p.data === 'round {round}'");
            Assert.DoesNotContain(await goes.SettledAsync("NEW-MESSAGE"), m => m.GetProperty("data").GetString() == $"round {round}");
        }
    }

    [Fact]
    public async Task AddAndRemove_OfTheSameUserAtOnce_AllAgree()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob");
        Assert.Equal(200, (await a.CallAsync("chat.addAdminsToGroup", id, new[] { "bob" })).Code);
        for (var round = 0; round < 5; round++)
        {
            var codes = await Task.WhenAll(
                CodeAsync(a.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1)),
                CodeAsync(b.CallAsync("chat.delUsersToGroupReq", id, "carol")),
                CodeAsync(b.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1)));

            Assert.Equal([200, 200, 200], codes);
            var members = (await Trio.DetailsAsync(a, id)).GetProperty("groupcontacts").GetRawText();
            Assert.Equal(members, (await Trio.DetailsAsync(b, id)).GetProperty("groupcontacts").GetRawText());
            var isMember = members.Contains("carol", StringComparison.Ordinal);
            Assert.Equal(isMember ? [id] : [], await Trio.GroupsAsync(c));
            await Trio.SendAsync(a, id, $"round {round}");
            await b.WaitForEventAsync("NEW-MESSAGE", $"p.data === 'round {round}'");
            if (isMember)
            {
                await c.WaitForEventAsync("NEW-MESSAGE", $"p.data === 'round {round}'", 30);
            }
            else
            {
                Assert.DoesNotContain(await c.SettledAsync("NEW-MESSAGE"), m => m.GetProperty("data").GetString() == $"round {round}");
            }
        }
    }

    [Fact]
    public async Task AddUsers_The1001st_703AndTheGroupIsAsItWas()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, _, c) = trio;
        var users = backends.App.Get<UserService>();
        var project = await backends.App.Get<ProjectService>().GetAsync(trio.Project.Id, default);
        var names = Enumerable.Range(0, 998).Select(n => $"user{n:D3}").ToArray();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, cancellationToken) =>
            await users.CreateUserAsync(project, name, "secret", cancellationToken));
        var id = await trio.CreateAsync("bob");
        Assert.Equal(
            1_000, (await a.CallAsync("chat.addUsersToGroup", id, names, names.Length)).Resp.GetProperty("groupusercount").GetInt32());
        var before = (await Trio.DetailsAsync(a, id)).GetRawText();

        var refused = await a.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1);

        Assert.Equal((703, 0), (refused.Code, refused.Resp.GetProperty("groupusercount").GetInt32()));
        Assert.Equal(before, (await Trio.DetailsAsync(a, id)).GetRawText());
        Assert.Equal(403, (await c.CallAsync("chat.pullMyGroupDetails", id)).Code);
        Assert.Equal(200, (await a.CallAsync("chat.delUsersToGroupReq", id, names[0])).Code);
        Assert.Equal(200, (await a.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1)).Code);
    }

    [Fact]
    public async Task AddUsers_AThousandOfThemAndABusyServer_TheOneRequestIsWaitedFor()
    {
        var project = await backends.App.CreateProjectAsync();
        var context = await browser.NewContextAsync();
        await context.Clock.InstallAsync();
        await using var page = await browser.OpenAsync(backends.App.Address, context);
        await page.LogInAsync(await project.CreateUserAsync("alice"));
        await page.WaitUntilLiveAsync();
        var begun = System.Threading.Channels.Channel.CreateUnbounded<Microsoft.Playwright.IRoute>();
        await page.Page.RouteAsync("**/api/v1/groups/*/members", route => begun.Writer.WriteAsync(route).AsTask());
        var adding = page.CallAsync("chat.addUsersToGroup", "group", Enumerable.Range(0, 1_000).Select(n => $"user{n}").ToArray(), 1_000);
        var request = await begun.Reader.ReadAsync(TestContext.Current.CancellationToken);

        await context.Clock.RunForAsync(28_000);
        await request.FulfillAsync(
            new() { ContentType = "application/json", Body = """{"id":"group","members":[{"id":"alice"},{"id":"user0"}]}""" });

        var answer = await adding;
        Assert.Equal((200, 2), (answer.Code, answer.Resp.GetProperty("groupusercount").GetInt32()));
        Assert.False(begun.Reader.TryRead(out _));
    }

    [Fact]
    public async Task DeleteGroup_WhileMessagesAreBeingSent_EachIsAcceptedOrRefusedAndAllAgree()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        const string Send = """
            id => {
              window.answers = {};
              const next = n => {
                const { id: message } = CS.chat.sendMessage(id, `text ${n}`, 1, true, code => {
                  answers[message] = code;
                  if (code === 200) next(n + 1);
                }, false);
              };
              for (let n = 0; n < 4; n++) next(n * 1000);
            }
            """;
        await b.EvaluateAsync(Send, id);
        await c.EvaluateAsync(Send, id);
        await b.WaitForAsync("Object.keys(answers).length > 10", 30);

        Assert.Equal(200, (await a.CallAsync("chat.deleteGroup", id)).Code);

        var accepted = 0;
        foreach (var page in new[] { b, c })
        {
            await page.WaitForAsync("Object.values(answers).filter(code => code !== 200).length === 4", 60);
            var answers = (await page.JsonAsync("answers")).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
            Assert.All(answers.Values, code => Assert.Contains(code, (int[])[200, 404]));
            accepted += answers.Values.Count(code => code == 200);
            var sent = await page.SettledAsync("SENT");
            Assert.Equal(
                answers.OrderBy(p => p.Key),
                sent.ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("status").GetInt32()).OrderBy(p => p.Key));
            await Trio.HearsAsync(page, "GROUP-DELETED");
            Assert.Single(await Trio.HeardAsync(page), type => type == "GROUP-DELETED");
            Assert.Equal(404, (await page.CallAsync("chat.sendMessage", id, "late", 1, true, ChatPage.Callback, false)).Code);
            Assert.Empty(await Trio.GroupsAsync(page));
            Assert.Empty((await page.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list").EnumerateArray());
        }

        await backends.App.SettleAsync(trio.Project.Id);
        Assert.Equal(accepted, (await trio.Project.HistoryAsync(size: 1_000)).Count);
    }

    private static async Task<int> CodeAsync(Task<CallbackAnswer> calling) => (await calling).Code;
}
