using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests;

/// <summary><c>import { ChatClient } from "calmsdk.mjs"</c>, on a customer's own site.</summary>
public sealed class ModernApiTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task ChatClient_OnAnotherOrigin_EventsOfAConversation()
    {
        await using var page = await OpenAsync();

        var seen = await page.JsonAsync("""
            (async () => {
              const [alice, bob] = await enter("alice", "bob");
              const log = [];
              alice.on("sent", m => log.push(`sent ${m.sequence}`));
              alice.on("message", m => log.push(`alice sees ${m.data} mine=${m.mine} local=${m.local}`));
              alice.on("receipt", r => log.push(`receipt ${r.by} ${r.deliveredIds.length} ${r.readIds.length}`));
              bob.on("message", m => { log.push(`bob sees ${m.data} mine=${m.mine}`); bob.markRead(m.conversation, m.sequence); });
              const sent = alice.send({ to: "bob", data: "Hello" });
              const accepted = await sent.accepted;
              await until(() => log.some(line => line === "receipt bob 0 1" || line === "receipt bob 1 1"));
              const history = await bob.messages({ with: "alice" });
              return { log: log.filter(l => !l.startsWith("receipt")).sort(), id: sent.id === accepted.id, history: history.messages.map(m => m.data), unread: bob.conversations[0].unread };
            })()
            """);

        Assert.Equal(
            ["alice sees Hello mine=true local=true", "bob sees Hello mine=false", "sent 1"],
            seen.GetProperty("log").EnumerateArray().Select(e => e.GetString()));
        Assert.True(seen.GetProperty("id").GetBoolean());
        Assert.Equal(("[\"Hello\"]", 0), (seen.GetProperty("history").GetRawText(), seen.GetProperty("unread").GetInt32()));
    }

    [Fact]
    public async Task ChatClient_Refusals_AreTypedErrors()
    {
        await using var page = await OpenAsync();

        var errors = await page.JsonAsync("""
            (async () => {
              const [alice] = await enter("alice");
              const of = promise => promise.then(() => "none", e => `${e.name} ${e.code} ${e.reason}`);
              const wrong = client();
              const result = [
                await of(wrong.logIn("alice", "wrong")),
                await of(wrong.synchronize()),
                await of(alice.send({ to: "nobody", data: "x" }).accepted),
                await of(alice.messages({ with: "nobody" })),
              ];
              await alice.logOut();
              try { alice.send({ to: "bob", data: "x" }); } catch (e) { result.push(`${e.name} ${e.code} ${e.reason}`); }
              return [...result, alice.state];
            })()
            """);

        Assert.Equal(
            ["ChatError 401 invalid_credentials", "ChatError 401 logged_out", "ChatError 404 recipient_not_found",
                "ChatError 404 user_not_found", "ChatError 401 logged_out", "loggedOut"],
            errors.EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task ChatClient_ResumedByItsRefreshToken_GoesOn()
    {
        await using var page = await OpenAsync();

        var seen = await page.JsonAsync("""
            (async () => {
              const [alice, bob] = await enter("alice", "bob");
              const again = client();
              const came = new Promise(resolve => again.on("message", resolve));
              await again.resume(alice.refreshToken);
              // What is there already is no news: it would be in the conversations.
              await until(() => again.isSynchronized);
              bob.send({ to: "alice", data: "Welcome back" });
              return [again.loginId, (await came).data];
            })()
            """);

        Assert.Equal("""["alice","Welcome back"]""", seen.GetRawText());
    }

    [Fact]
    public async Task ChatClient_Search_FindsWordsWithTheirMarks()
    {
        await using var page = await OpenAsync(searches: true);

        var seen = await page.JsonAsync("""
            (async () => {
              const [alice, bob] = await enter("alice", "bob");
              await alice.send({ to: "bob", data: "The Café opens at nine" }).accepted;
              let found;
              for (const end = Date.now() + 60_000; !found?.hits.length && Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
                found = await bob.search("cafe", { limit: 5 });
              }
              const [hit] = found.hits;
              const [{ start, length }] = hit.marks;
              const refused = await bob.search("from:alice").catch(error => `${error.code} ${error.reason}`);
              return [hit.with, hit.excerpt.slice(start, start + length), hit.message.sequence, refused];
            })()
            """);

        Assert.Equal("""["alice","Café",1,"400 invalid_field"]""", seen.GetRawText());
    }

    [Fact]
    public async Task ChatClient_ReadOnOneDevice_IsReadOnTheOther()
    {
        await using var page = await OpenAsync();

        var unread = await page.JsonAsync("""
            (async () => {
              const [first, second, bob] = await enter("alice", "alice", "bob");
              for (let i = 1; i <= 3; i++) bob.send({ to: "alice", data: `${i}` });
              await until(() => first.conversations[0]?.unread === 3 && second.conversations[0]?.unread === 3);
              const [{ id, position }] = first.conversations;
              await first.markRead(id, position);
              await until(() => second.conversations[0].unread === 0);
              return second.conversations[0].own.read;
            })()
            """);

        Assert.Equal(3, unread.GetInt32());
    }

    [Fact]
    public async Task ChatClient_Groups_EveryMethodEventsReadByAndUnread()
    {
        await using var page = await OpenAsync();

        var seen = await page.JsonAsync("""
            (async () => {
              const [alice, bob, tablet] = await enter("alice", "bob", "alice");
              const heard = { alice: [], bob: [], tablet: [] };
              for (const [name, who] of Object.entries({ alice, bob, tablet })) who.on("group", e => heard[name].push(`${e.type} ${e.members} v${e.version}`));
              const { id, role, version } = await alice.groups.create({ name: "Friends", description: "of old" });
              await alice.groups.addMembers(id, ["bob"]);
              await alice.groups.addAdmins(id, ["bob"]);
              await bob.groups.update(id, { name: "Best friends" });
              const summary = (await bob.groups.list())[0];
              const group = await bob.groups.get(id);

              for (const text of ["one", "two", "three"]) await alice.send({ to: id, data: text }).accepted;
              const inBob = () => bob.conversations.find(c => c.id === id);
              await until(() => inBob()?.unread === 3);
              const receipts = [];
              alice.on("receipt", r => r.group && r.readIds.length > 0 && receipts.push(r));
              await bob.markRead(id, 2);
              await until(() => receipts.length > 0);
              const [{ by, read }] = receipts;
              const one = await alice.groups.receipts(id, 2);
              const all = await alice.groups.receipts(id);

              await alice.groups.dismissAdmin(id, "bob");
              await bob.groups.block(id);
              const blocked = (await bob.groups.list())[0].blocked;
              await bob.groups.unblock(id);
              await alice.groups.removeMember(id, "bob");
              await until(() => inBob()?.closed);
              const closed = inBob().name;
              await alice.groups.addMembers(id, ["bob"]);
              await bob.groups.leave(id);
              await alice.groups.delete(id);
              await until(() => heard.alice.length === 2);
              await until(() => heard.tablet.some(line => line.startsWith("GROUP-DELETED")));
              await until(() => !alice.conversations.some(c => c.id === id));
              return {
                created: [role, version], summary: [summary.name, summary.role, summary.memberCount], members: group.members.map(m => `${m.id} ${m.role}`),
                unread: 3, by, read, one: [one.of, one.delivered, one.read], all: all.members.map(m => `${m.id} ${m.read}`), blocked, closed, heard,
              };
            })()
            """);

        Assert.Equal("""["owner",1]""", seen.GetProperty("created").GetRawText());
        Assert.Equal("""["Best friends","admin",2]""", seen.GetProperty("summary").GetRawText());
        Assert.Equal("""["alice owner","bob admin"]""", seen.GetProperty("members").GetRawText());
        Assert.Equal(("bob", 2), (seen.GetProperty("by").GetString(), seen.GetProperty("read").GetInt32()));
        Assert.Equal("[1,1,1]", seen.GetProperty("one").GetRawText());
        Assert.Equal("""["alice 0","bob 2"]""", seen.GetProperty("all").GetRawText());
        Assert.Equal((true, "Best friends"), (seen.GetProperty("blocked").GetBoolean(), seen.GetProperty("closed").GetString()));
        var heard = seen.GetProperty("heard");
        Assert.Equal("""["UPDATED-GROUP-INFO  v4","USER-LEFT bob v10"]""", heard.GetProperty("alice").GetRawText());
        Assert.Equal(
            ["GROUP-CREATED alice v1", "USER-ADDED bob v2", "USER-ASSIGNED-AS-ADMIN bob v3", "UPDATED-GROUP-INFO  v4",
                "DISMISSED-AS-ADMIN-FROM-GROUP bob v5", "USER-DELETED bob v8", "USER-ADDED bob v9", "USER-LEFT bob v10",
                "GROUP-DELETED  v11"],
            heard.GetProperty("tablet").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(
            "USER-DELETED bob v8",
            heard.GetProperty("bob").EnumerateArray().Select(e => e.GetString()).First(e => e!.EndsWith("v8", StringComparison.Ordinal)));
    }

    private async Task<ChatPage> OpenAsync(bool searches = false)
    {
        var project = await backends.App.CreateProjectAsync();
        await backends.App.Get<ProjectService>().UpdateAsync(
            project.Id, stored => stored with { SearchEnabled = searches }, CancellationToken.None);
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var context = await browser.NewContextAsync();
        await context.RouteAsync("http://customer.example/**", route => route.FallbackAsync());
        var page = await ChatPage.OpenAsync(context, new Uri("http://customer.example"), $$"""
            <!doctype html><script type="module">
              import { ChatClient } from "{{backends.App.Address}}js/calmsdk.mjs";
              window.client = () => new ChatClient({ server: "{{backends.App.Address}}", projectId: "{{project.Id}}" });
              window.until = async condition => {
                for (const end = Date.now() + 60_000; !condition(); await new Promise(resolve => setTimeout(resolve, 20))) {
                  if (Date.now() > end) throw new Error(`Not within a minute: ${condition}`);
                }
              };
              window.enter = (...ids) => Promise.all(ids.map(async id => {
                const entered = client();
                await entered.logIn(id, "secret");
                await until(() => entered.state === "online" && entered.isSynchronized);
                return entered;
              }));
            </script>
            """);
        await page.WaitForAsync("!!window.enter");
        return page;
    }
}
