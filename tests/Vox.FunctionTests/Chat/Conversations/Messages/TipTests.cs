using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Tests.Conversations;
using Vox.Tests.Fixture;
using static Vox.Tests.Conversations.InstancePair;

namespace Vox.Tests.Messages;

/// <summary>
/// What a tip saves where requests meet several instances, and that nothing that a client makes of tips has any other effect. Two apps on
/// the same tables stand for two instances: each remembers only what it wrote itself.
/// </summary>
public sealed class TipTests(Backends backends)
{
    private const string Commit = "POST conversations 3";
    private const string Read = "GET conversations";

    [Fact]
    public async Task Send_InTurnThroughTwoInstancesWithTheNewestTip_IsOneRequestEach()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        var epochs = new HashSet<long>();
        for (var n = 3; n <= 20; n++)
        {
            // Both users write, so that the members' own columns change in both orders.
            var (sender, to) = n % 3 == 0 ? (pair.Bob, "alice") : (pair.Alice, "bob");
            var sent = await pair.SendAsync(n % 2, sender, to, $"m{n}", tip);
            Assert.Equal([Commit], pair.Conversations(n % 2));
            Assert.Equal(n, Sequence(sent));
            epochs.Add(sent.GetProperty("epoch").GetInt64());
            tip = Tip(sent);
        }

        Assert.Single(epochs);
        Assert.Equal(Enumerable.Range(1, 20).Reverse().Select(n => (long)n), await pair.SequencesAsync());
    }

    [Fact]
    public async Task Send_AtRandomThroughFourInstances_IsOneRequestEach()
    {
        await using var pair = await InstancePair.StartAsync(backends, instances: 4);
        var tip = await pair.WarmAsync();
        for (var n = 5; n <= 30; n++)
        {
            var at = Random.Shared.Next(4);
            var sent = await pair.SendAsync(at, pair.Alice, "bob", $"m{n}", tip);
            Assert.Equal([Commit], pair.Conversations(at));
            tip = Tip(sent);
        }

        Assert.Equal(Enumerable.Range(1, 30).Reverse().Select(n => (long)n), await pair.SequencesAsync());
    }

    [Fact]
    public async Task Tip_OfSyncAndOfAPage_ServesLikeThatOfAnAnswer()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        await pair.WarmAsync();
        foreach (var (read, at) in new (Func<Task<JsonElement>>, int)[]
        {
            (async () => (await pair.Bob.PostJsonAsync("/api/v1/sync", new { newest = 5 })).GetProperty("conversations")[0], 0),
            (() => pair.Bob.GetJsonAsync("/api/v1/messages?with=alice"), 1),
            (() => pair.Bob.GetJsonAsync("/api/v1/messages?with=alice&offset=1"), 0),
        })
        {
            var tip = Tip(await read());
            await pair.SendAsync(at, pair.Bob, "alice", "answer", tip);
            Assert.Equal([Commit], pair.Conversations(at));
        }
    }

    [Fact]
    public async Task Tip_OfALiveMessage_IsThatOfTheAnswer()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await using var live = await (await bob.LogInAsync()).ConnectAsync();

        var sent = await (await alice.LogInAsync()).SendMessageAsync("bob", "hello");

        Assert.Equal(Tip(sent), Tip(await live.NextMessageAsync()));
    }

    [Fact]
    public async Task Send_WithTips_EraseNothingOfTheHead()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        tip = Tip(await pair.SendAsync(0, pair.Bob, "alice", "from bob", tip));
        tip = Tip(await pair.SendAsync(1, pair.Alice, "bob", "from alice", tip));
        await pair.SendAsync(0, pair.Alice, "bob", "and again", tip);

        var head = (await pair[0].Get<ConversationStore>().FindHeadAsync(pair.Key, CancellationToken.None))!;
        Assert.Equal(5, head.LastSequence);
        Assert.Equal((5, 3), (head.Members[head.IndexOf(pair.Alice.Identity.Uid)].LastOwn, OwnOf(head, pair.Bob)));
        Assert.Equal(["alice", "bob"], head.Members.Select(member => member.LoginId).Order(StringComparer.Ordinal));
        Assert.Equal(2, await pair.UnreadAsync(pair.Bob));
        Assert.Equal(0, await pair.UnreadAsync(pair.Alice));
    }

    [Fact]
    public async Task Send_UnseenMessagesInBetween_CountAsWithoutTips()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = Tip(await pair.SendAsync(1, pair.Bob, "alice", "question", await pair.WarmAsync()));

        var automatic = await pair.SendAsync(0, pair.Alice, "bob", "away", tip, marksRead: false);
        Assert.Equal([Commit], pair.Conversations(0));
        Assert.Equal(1, await pair.UnreadAsync(pair.Alice));

        // With such a message there is no tip: a head that was made of one does not know which they are.
        Assert.Null(TipOrNull(automatic));
        await pair.SendAsync(1, pair.Alice, "bob", "away again", tip, marksRead: false);
        Assert.Equal(1, await pair.UnreadAsync(pair.Alice));
        tip = Tip(await pair.SendAsync(0, pair.Alice, "bob", "herself", null));
        Assert.Equal(0, await pair.UnreadAsync(pair.Alice));
        await pair.SendAsync(1, pair.Bob, "alice", "good", tip);
        Assert.Equal([Commit], pair.Conversations(1));
        Assert.Equal(1, await pair.UnreadAsync(pair.Alice));
    }

    [Fact]
    public async Task Send_WithATipThatIsNotOursOrNotOfThisConversation_IsAsWithout()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var good = await pair.WarmAsync();
        var (key, tips) = (pair.Key, pair[1].Get<ConversationTips>());
        Member[] members = [new("alice", pair.Alice.Identity.Uid), new("bob", pair.Bob.Identity.Uid)];
        Assert.Equal(2, tips.Read(key, members, good)!.LastSequence);
        var carol = await new TestUser(pair.Project, "carol", "secret").LogInAsync();
        var ofOthers = Tip(await pair.SendAsync(0, carol, "bob", "hi", null));
        var dot = good.LastIndexOf('.');
        var bad = Enumerable.Range(0, dot).Select(i => good[..i] + (good[i] == 'A' ? 'B' : 'A') + good[(i + 1)..])
            .Concat(["x", ".", "..", good[..dot], good[dot..], good[..dot] + ".", good[..dot] + ".configured", good + "0"])
            .Concat([good[..(dot - 4)], "AAAA" + good[dot..], ofOthers, "ÄÖ😀" + good[dot..], new string('A', 100) + good[dot..]])
            .ToList();
        Assert.All(bad, tip => Assert.True(tips.Read(key, members, tip) is null, tip));
        Assert.Null(tips.Read(key with { ProjectId = "pid_other" }, members, good));

        var n = 2;
        foreach (var tip in new[] { "x", ofOthers, (good[0] == 'A' ? 'B' : 'A') + good[1..], good[..dot] + ".unknown" })
        {
            // Instance 0 has overtaken instance 1, which then meets a head that it does not know.
            Assert.Equal(++n, Sequence(await pair.SendAsync(0, pair.Alice, "bob", $"m{n}", null)));
            Assert.Equal(++n, Sequence(await pair.SendAsync(1, pair.Alice, "bob", $"m{n}", tip)));
            Assert.Contains(Read, pair.Conversations(1));
        }
    }

    [Fact]
    [Promise("VOX-M2")]
    public async Task Send_WithAnOldTip_IsTriedOnceAndStoredInItsPlace()
    {
        await using var pair = await InstancePair.StartAsync(backends, instances: 3);
        var tips = new List<string> { await pair.WarmAsync() };
        for (var n = 4; n <= 8; n++)
        {
            tips.Add(Tip(await pair.SendAsync(0, pair.Alice, "bob", $"m{n}", null)));
        }

        foreach (var (tip, i) in tips.Select((tip, i) => (tip, i)).Reverse().Skip(1))
        {
            var at = 1 + (i % 2);
            var before = await pair.SequencesAsync();
            Assert.Equal(before.Count + 1, Sequence(await pair.SendAsync(at, pair.Bob, "alice", $"late {i}", tip)));
            Assert.Equal(Commit, pair.Conversations(at)[^1]);
            Assert.InRange(pair.Conversations(at).Length, 2, 3);
        }

        Assert.Equal(Enumerable.Range(1, 13).Reverse().Select(n => (long)n), await pair.SequencesAsync());
    }

    [Fact]
    [Promise("VOX-M3")]
    public async Task Send_SameIdWithAFreshTip_IsADuplicate()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        var first = await pair.SendAsync(0, pair.Alice, "bob", "once", tip, id: "same");

        var second = await pair.SendAsync(1, pair.Alice, "bob", "once", Tip(first), id: "same");

        Assert.True(second.GetProperty("duplicate").GetBoolean());
        Assert.Equal(Sequence(first), Sequence(second));
        Assert.Null(TipOrNull(second));
        Assert.Equal([3, 2, 1], await pair.SequencesAsync());
    }

    [Fact]
    public async Task Send_WithATipFromBeforeABlock_IsRefusedAndTheBlockStays()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        await pair.Bob.PostAsync("/api/v1/blocks", new { id = "alice" }).TextAsync(204);

        await pair.PostAsync(1, pair.Alice, "bob", "unwanted", tip).ProblemAsync("blocked");

        // The other way is open, and its answer has no tip: whoever commits must look at the block.
        Assert.Null(TipOrNull(await pair.SendAsync(1, pair.Bob, "alice", "wanted", tip)));
        await pair.PostAsync(0, pair.Alice, "bob", "unwanted", tip).ProblemAsync("blocked");
        Assert.Equal([3, 2, 1], await pair.SequencesAsync());
    }

    [Fact]
    public async Task Send_WithATipFromBeforeTheRecipientWasDeleted_IsRefused()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        await pair.Project.DeleteUserAsync("bob").TextAsync(200);

        // Instance 1 remembers the recipient, so that only the conversation can refuse.
        await pair.PostAsync(1, pair.Alice, "bob", "too late", tip).ProblemAsync("recipient_not_found");

        Assert.Equal(2, (await pair[0].Get<ConversationStore>().FindHeadAsync(pair.Key, CancellationToken.None))!.LastSequence);
    }

    [Fact]
    public async Task Send_WithATipOfAConversationThatIsNoLongerThere_BeginsIt()
    {
        await using var pair = await InstancePair.StartAsync(backends);
        var tip = await pair.WarmAsync();
        await pair[0].Get<StorageClients>().Table("conversations").DeleteAllAsync(
            $"PartitionKey eq {pair.Key.Partition}", CancellationToken.None);

        Assert.Equal(1, Sequence(await pair.SendAsync(1, pair.Alice, "bob", "first again", tip)));
        Assert.Equal(2, Sequence(await pair.SendAsync(0, pair.Alice, "bob", "second", tip)));
    }

    [Fact]
    public async Task Send_TipIsTooLong_Is400NamingTheField()
    {
        await using var pair = await InstancePair.StartAsync(backends, instances: 1);
        await pair.PostAsync(0, pair.Alice, "bob", "m", new string('A', ConversationTips.MaxLength + 1)).ProblemAsync("too_long", "tip");
        await pair.PostAsync(0, pair.Alice, "bob", "m", new string('A', ConversationTips.MaxLength)).TextAsync(200);
    }

    [Fact]
    public async Task Tip_KeyWasReplaced_StaysGoodAndTheNextHasTheNewKey()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var pair = await InstancePair.StartAsync(backends, clock: clock);
        var tip = await pair.WarmAsync();
        clock.Advance(TimeSpan.FromDays(61));
        var alice = await new TestUser(pair.Project, "alice", "secret").LogInAsync();
        await pair.SendAsync(0, alice, "carol", "another conversation", null);

        var sent = await pair.SendAsync(0, alice, "bob", "m3", tip);
        var other = await pair.SendAsync(1, alice, "bob", "m4", Tip(sent));

        Assert.Equal([Commit], pair.Conversations(1));
        Assert.NotEqual(KeyOf(tip), KeyOf(Tip(sent)));
        Assert.Equal(KeyOf(Tip(sent)), KeyOf(Tip(other)));
        Member[] members = [new("alice", alice.Identity.Uid), new("bob", pair.Bob.Identity.Uid)];
        Assert.NotNull(pair[1].Get<ConversationTips>().Read(pair.Key, members, tip));
    }

    private static long OwnOf(ConversationHead head, TestSession session) => head.Members[head.IndexOf(session.Identity.Uid)].LastOwn;

    private static string KeyOf(string tip) => tip[(tip.LastIndexOf('.') + 1)..];

    private static long Sequence(JsonElement sent) => sent.GetProperty("sequence").GetInt64();

    private static string Tip(JsonElement json) => TipOrNull(json) ?? throw new InvalidOperationException($"No tip: {json}");

    private static string? TipOrNull(JsonElement json) => json.TryGetProperty("tip", out var tip) ? tip.GetString() : null;
}
