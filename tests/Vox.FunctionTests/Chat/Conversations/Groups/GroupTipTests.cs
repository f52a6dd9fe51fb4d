using System.Net.Http.Json;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Tests.Conversations;
using Vox.Tests.Fixture;
using static Vox.Tests.Conversations.InstancePair;

namespace Vox.Tests.Groups;

/// <summary>What a tip saves in a group where requests meet several instances, and that nobody gets in with one.</summary>
public sealed class GroupTipTests(Backends backends)
{
    /// <summary>The head, the message, its id, and the sender's row.</summary>
    private const string Commit = "POST conversations 4";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_OneSenderThroughInstancesThatNeverSawTheGroup_IsOneRequestEach(bool broadcast)
    {
        await using var pair = await InstancePair.StartAsync(backends, instances: 3);
        await pair.WarmAsync();
        var group = await CreateAsync(pair, broadcast);
        var first = await pair.SendAsync(0, pair.Alice, group, "m1", null);
        var tip = Tip(first);
        for (var n = 2; n <= 12; n++)
        {
            var sent = await pair.SendAsync(n % 3, pair.Alice, group, $"m{n}", tip);
            Assert.Equal([Commit], pair.Conversations(n % 3));
            Assert.Equal(n, Sequence(sent));
            Assert.Equal(first.GetProperty("epoch").GetInt64(), sent.GetProperty("epoch").GetInt64());
            tip = Tip(sent);
        }

        Assert.Equal(12, (await TextsAsync(pair, group)).Count);
    }

    [Fact]
    public async Task Send_TwoSendersInTurnWithTheTipsOfEachOthersMessages_IsOneRequestEachOnceAllAreKnown()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        await pair.WarmAsync();
        var group = await CreateAsync(pair);
        string? tip = null;
        for (var n = 1; n <= 20; n++)
        {
            var at = n / 2 % 2;
            var sent = await pair.SendAsync(at, n % 2 == 0 ? pair.Alice : pair.Bob, group, $"m{n}", tip);
            tip = Tip(sent);
            if (n > 4)
            {
                Assert.Equal([Commit], pair.Conversations(at));
            }
        }

        Assert.Equal(20, (await TextsAsync(pair, group)).Count);
        Assert.Equal(0, await UnreadAsync(pair, pair.Alice, group));
    }

    [Fact]
    public async Task Tip_OfAPageAndOfSync_ServesItsReader()
    {
        await using var pair = await InstancePair.StartAsync(backends, instances: 3);
        await pair.WarmAsync();
        var group = await CreateAsync(pair);
        await pair.SendAsync(0, pair.Alice, group, "m1", null);

        var page = await pair.Bob.GetJsonAsync($"/api/v1/messages?conversation={group}");
        await pair.SendAsync(1, pair.Bob, group, "m2", Tip(page));
        Assert.Equal([Commit], pair.Conversations(1));
        var sync = (await pair.Bob.PostJsonAsync("/api/v1/sync", new { newest = 5 })).GetProperty("conversations").EnumerateArray()
            .Single(changes => changes.GetProperty("conversation").GetString() == group);
        await pair.SendAsync(2, pair.Bob, group, "m3", Tip(sync));
        Assert.Equal([Commit], pair.Conversations(2));
    }

    [Fact]
    public async Task Send_WithATipThatIsNotOursOrNotOfThisGroup_IsAsWithout()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var direct = await pair.WarmAsync();
        var (group, other) = (await CreateAsync(pair), await CreateAsync(pair));
        var good = Tip(await pair.SendAsync(0, pair.Alice, group, "m1", null));
        var foreign = Tip(await pair.SendAsync(0, pair.Alice, other, "o1", null));
        var (key, tips, alice) = (new ConversationKey(pair.Project.Id, group), pair[1].Get<ConversationTips>(), pair.Alice.Identity.Uid);
        await pair.SendAsync(1, pair.Alice, group, "m2", good);
        Assert.True(tips.ReadForGroup(key, alice, good)!.Value.KnowsSender);
        Assert.False(tips.ReadForGroup(key, pair.Bob.Identity.Uid, good)!.Value.KnowsSender);
        var dot = good.LastIndexOf('.');
        var forged = Enumerable.Range(0, dot).Select(i => good[..i] + (good[i] == 'A' ? 'B' : 'A') + good[(i + 1)..])
            .Concat(["x", ".", good[..dot], good[dot..], good[..dot] + ".unknown", good[..(dot - 4)] + good[dot..], foreign, direct])
            .ToList();
        Assert.All(forged, tip => Assert.True(tips.ReadForGroup(key, alice, tip) is null, tip));
        Member[] members = [new("alice", alice), new("bob", pair.Bob.Identity.Uid)];
        Assert.Null(tips.Read(pair.Key, members, good));
        Assert.Null(tips.Read(key, members, good));

        var n = 2;
        foreach (var tip in new[] { forged[0], foreign, direct })
        {
            Assert.Equal(++n, Sequence(await pair.SendAsync(0, pair.Alice, group, $"m{n}", null)));
            Assert.Equal(++n, Sequence(await pair.SendAsync(1, pair.Alice, group, $"m{n}", tip)));
        }
    }

    [Fact]
    public async Task Send_WithAnOldTipOrAgain_IsStoredOnceInItsPlace()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        await pair.WarmAsync();
        var group = await CreateAsync(pair);
        var old = Tip(await pair.SendAsync(0, pair.Alice, group, "m1", null));
        await pair.SendAsync(0, pair.Alice, group, "m2", null);

        var third = await pair.SendAsync(1, pair.Alice, group, "m3", old, id: "same");
        var again = await pair.SendAsync(0, pair.Alice, group, "m3", Tip(third), id: "same");

        Assert.Equal((3, 3), (Sequence(third), Sequence(again)));
        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Null(TipOrNull(again));
        Assert.Equal(["m1", "m2", "m3"], await TextsAsync(pair, group));
    }

    [Fact]
    public async Task Send_ByAMemberWhoWasRemovedThroughAnotherInstance_IsRefusedWhateverTipTheyHave()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        await pair.WarmAsync();
        var group = await CreateAsync(pair);
        await pair.SendAsync(1, pair.Alice, group, "m1", null);
        var own = Tip(await pair.SendAsync(1, pair.Bob, group, "m2", null));
        using (var removed = await pair.Alice.SendAsync(
            new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/groups/{group}/members?id=bob")))
        {
            Assert.True(removed.IsSuccessStatusCode);
        }

        // Instance 1 knows bob, and the tip that bob brings says that they are a member.
        await pair.PostAsync(1, pair.Bob, group, "too late", own).ProblemAsync("not_a_member");
        var ofAlice = Tip(await pair.SendAsync(0, pair.Alice, group, "m3", null));
        await pair.PostAsync(1, pair.Bob, group, "too late", ofAlice).ProblemAsync("not_a_member");
        await pair.PostAsync(0, pair.Bob, group, "too late", ofAlice).ProblemAsync("not_a_member");
        var carol = await new TestUser(pair.Project, "carol", "secret").LogInAsync();
        await pair.PostAsync(1, carol, group, "never was", ofAlice).ProblemAsync("not_a_member");

        Assert.Equal(["m1", "m2", "m3"], await TextsAsync(pair, group));
    }

    [Fact]
    public async Task Send_WithATipFromBeforeTheGroupWasRenamed_HasTheNewName()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        await pair.WarmAsync();
        var group = await CreateAsync(pair);
        var tip = Tip(await pair.SendAsync(1, pair.Alice, group, "m1", null));
        await RenameAsync("Renamed");

        await pair.SendAsync(1, pair.Alice, group, "m2", tip);
        await pair.SettleAsync();
        Assert.Equal(["Renamed", "Two"], (await pair.Project.HistoryAsync()).Where(row => row.To == group).Select(row => row.Group));

        // With a long name there is no tip, and none is needed.
        await RenameAsync(new string('ä', 100));
        Assert.Null(TipOrNull(await pair.SendAsync(1, pair.Alice, group, "m3", tip)));

        async Task RenameAsync(string name)
        {
            using var renamed = await pair.Alice.SendAsync(
                new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/groups/{group}") { Content = JsonContent.Create(new { name }) });
            Assert.True(renamed.IsSuccessStatusCode);
        }
    }

    private static async Task<string> CreateAsync(InstancePair pair, bool broadcast = false) =>
        (await pair.Alice.PostJsonAsync("/api/v1/groups", new { name = "Two", broadcast, members = new[] { "bob" } }))
            .GetProperty("id").GetString()!;

    private static async Task<List<string>> TextsAsync(InstancePair pair, string group) =>
        [.. (await pair.Alice.GetJsonAsync($"/api/v1/messages?conversation={group}")).GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("data").GetString()!).Reverse()];

    private static async Task<long> UnreadAsync(InstancePair pair, TestSession session, string group) =>
        (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
            .Single(one => one.GetProperty("conversation").GetString() == group).GetProperty("unread").GetInt64();
}
