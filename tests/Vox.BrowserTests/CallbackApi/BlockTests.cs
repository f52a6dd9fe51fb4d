using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Whoever is blocked is not heard, not even in a common group.</summary>
public sealed class BlockTests(Backends backends, Browser browser)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BlockUser_WhoIsInACommonGroup_IsNotHeardThere(bool reload)
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        Assert.Equal(200, (await a.CallAsync("contacts.blockUser", "bob")).Code);
        if (reload)
        {
            await a.ReloadAsync();
            await a.LogInAsync(trio.Users["alice"]);
            await a.WaitUntilLiveAsync();
        }

        await Trio.SendAsync(b, id, "from the blocked one");
        await b.EvaluateAsync($"CS.chat.sendIsTyping('', '{id}')");
        await c.WaitForEventAsync("IS-COMPOSING", "p.remoteUser === 'bob'");
        await c.EvaluateAsync($"CS.chat.sendIsTyping('', '{id}')");
        await Trio.SendAsync(c, id, "from carol");

        await a.WaitForEventAsync("NEW-MESSAGE", "p.data === 'from carol'");
        await a.WaitForEventAsync("IS-COMPOSING", "p.remoteUser === 'carol'");
        Assert.Equal("carol", Assert.Single(await a.SettledAsync("NEW-MESSAGE")).GetProperty("chatInitiator").GetString());
        Assert.DoesNotContain(await a.SettledAsync("IS-COMPOSING"), p => p.GetProperty("remoteUser").GetString() == "bob");
        Assert.Equal(["from carol"], await HistoryAsync());

        Assert.Equal(200, (await a.CallAsync("contacts.unblockUser", "bob")).Code);
        await Trio.SendAsync(b, id, "again");
        await a.WaitForEventAsync("NEW-MESSAGE", "p.data === 'again'");
        Assert.Equal(["again", "from carol", "from the blocked one"], await HistoryAsync());

        async Task<IEnumerable<string?>> HistoryAsync() =>
            (await a.CallAsync("chat.getHistory", id, 10, 1)).Resp.GetProperty("history").EnumerateArray()
                .Select(m => m.GetProperty("data").GetString());
    }
}
