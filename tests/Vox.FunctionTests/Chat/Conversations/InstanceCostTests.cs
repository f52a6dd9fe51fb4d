using System.Text.Json;
using Vox.Tests.Fixture;
using static Vox.Tests.Conversations.InstancePair;

namespace Vox.Tests.Conversations;

/// <summary>
/// What a message between two users costs when each request meets another instance: storage requests, which do not depend on the machine.
/// The project is busy, so that the log gathers; here until the test asks for it.
/// </summary>
public sealed class InstanceCostTests(Backends backends)
{
    private const string Gather = "ChatLog:GatherMilliseconds=5000";
    private const int Messages = 100;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task Send_WithTips_OneBeforeTheAnswerAndAtMost1Point8InAll(int instances, bool inTurn)
    {
        await using var pair = await StartAsync(instances);
        var (inAll, most) = await MeasureAsync(pair, inTurn, tips: true);

        Assert.Equal(1, most);

        // An instance alone gathers for the log only while messages come fast, which a test cannot promise.
        Assert.InRange(inAll, 1, instances == 1 ? 2 : 1.8);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task Send_WithoutTips_AtMost3BeforeTheAnswerAnd3Point8InAll(int instances, bool inTurn)
    {
        await using var pair = await StartAsync(instances);
        var (inAll, most) = await MeasureAsync(pair, inTurn, tips: false);

        Assert.InRange(most, 1, 3);
        Assert.InRange(inAll, 1, 3.8);
    }

    [Fact]
    public async Task Send_WithoutTipsInTurn_ReadsFirstAndNoLongerWhenAlone()
    {
        await using var pair = await StartAsync(2);
        string[] overtaken = ["POST conversations 3", "GET conversations", "POST conversations 3"];
        string[] readFirst = ["GET conversations", "POST conversations 3"];
        foreach (var expected in new[] { overtaken, readFirst, readFirst })
        {
            await pair.SendAsync(0, pair.Alice, "bob", "zero", null);
            await pair.SendAsync(1, pair.Alice, "bob", "one", null);
            Assert.Equal(expected, pair.Conversations(0));
            Assert.Equal(expected, pair.Conversations(1));
        }

        await pair.SendAsync(1, pair.Alice, "bob", "unmoved", null);
        Assert.Equal(readFirst, pair.Conversations(1));
        await pair.SendAsync(1, pair.Alice, "bob", "alone", null);
        Assert.Equal(["POST conversations 3"], pair.Conversations(1));
    }

    [Fact]
    public async Task Log_TwoInstancesInTurn_ReadTheEndFirstAndWriteWhatTheyGathered()
    {
        await using var pair = await StartAsync(2);
        string[] readFirst = ["GET chatlog", "POST chatlog 5"];
        for (var round = 0; round < 5; round++)
        {
            var (zero, one) = (await LogAsync(0, round), await LogAsync(1, round));
            if (round >= 3)
            {
                Assert.Equal(readFirst, zero);
                Assert.Equal(readFirst, one);
            }
        }

        Assert.Equal(readFirst, await LogAsync(1, 5));
        Assert.Equal(["POST chatlog 5"], await LogAsync(1, 6));
        var logged = (await pair.Project.HistoryAsync(0, 100)).ConvertAll(row => row.Data);
        Assert.Equal(2 + (5 * 12), logged.Count);
        Assert.Equal(logged.Count, logged.Distinct(StringComparer.Ordinal).Count());

        async Task<string[]> LogAsync(int instance, int round)
        {
            pair.Clear();
            await Task.WhenAll(Enumerable.Range(0, 5).Select(n =>
                pair.SendAsync(instance, pair.Alice, "bob", $"{round} {instance} {n}", null, clear: false)));
            await pair.SettleAsync(instance);
            return pair.Of(instance, "chatlog");
        }
    }

    private async Task<InstancePair> StartAsync(int instances)
    {
        var pair = await InstancePair.StartAsync(backends, instances, settings: Gather);
        await pair.WarmAsync();
        await pair.SettleAsync();
        return pair;
    }

    /// <returns>Requests of a message in all, and the most that an answer waited for on the conversation.</returns>
    private static async Task<(double InAll, int Most)> MeasureAsync(InstancePair pair, bool inTurn, bool tips)
    {
        var warm = await SendAsync(20);
        await pair.SettleAsync();
        pair.Clear();
        var (last, most) = await SendAsync(Messages, warm.Last);
        await pair.SettleAsync();
        var inAll = (double)pair.Requests / Messages;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{pair.Count} instances: {inAll:F2} requests a message, at most {most} on the way");
        var count = Sequence(last);
        Assert.Equal(pair.Count + 20 + Messages, count);
        var sequences = (await pair.Alice.GetJsonAsync("/api/v1/messages?with=bob&size=1000")).GetProperty("messages").EnumerateArray()
            .Select(Sequence);
        Assert.Equal(Enumerable.Range(1, (int)count).Reverse().Select(n => (long)n), sequences);
        Assert.Equal(count, (await pair.Project.HistoryAsync(0, 1_000)).Select(row => row.Data).Distinct(StringComparer.Ordinal).Count());
        return (inAll, most);

        async Task<(JsonElement Last, int Most)> SendAsync(int messages, JsonElement? before = null)
        {
            var (sent, most) = (before, 0);
            for (var n = 0; n < messages; n++)
            {
                var at = inTurn ? n % pair.Count : Random.Shared.Next(pair.Count);
                var had = pair.Conversations(at).Length;
                var (sender, to) = n % 2 == 0 ? (pair.Alice, "bob") : (pair.Bob, "alice");
                sent = await pair.SendAsync(
                    at, sender, to, $"{messages} {n}", tips && sent is { } known ? Tip(known) : null, clear: false);
                most = Math.Max(most, pair.Conversations(at).Length - had);
            }

            return (sent!.Value, most);
        }
    }
}
