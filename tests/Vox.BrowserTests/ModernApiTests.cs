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
            ["ChatError 401 invalid_credentials", "ChatError 401 logged_out", "ChatError 404 recipient_not_found", "ChatError 404 user_not_found",
                "ChatError 401 logged_out", "loggedOut"],
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
              bob.send({ to: "alice", data: "Welcome back" });
              return [again.loginId, (await came).data];
            })()
            """);

        Assert.Equal("""["alice","Welcome back"]""", seen.GetRawText());
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

    private async Task<ChatPage> OpenAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var context = await browser.NewContextAsync();
        await context.RouteAsync("http://customer.example/**", route => route.FallbackAsync());
        var page = await ChatPage.OpenAsync(context, new Uri("http://customer.example"), $$"""
            <!doctype html><script type="module">
              import { ChatClient } from "{{backends.App.Address}}js/calmsdk.mjs";
              window.client = () => new ChatClient({ server: "{{backends.App.Address}}", projectId: "{{project.Id}}" });
              window.until = async condition => { while (!condition()) await new Promise(resolve => setTimeout(resolve, 20)); };
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
