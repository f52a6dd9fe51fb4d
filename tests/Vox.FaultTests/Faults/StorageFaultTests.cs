using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

public sealed class StorageFaultTests(Backends backends)
{
    private static readonly string[] Impatient =
        ["Storage:Retries=1", "Conversations:CommitSeconds=1", "ChatLog:SilenceSeconds=3", "ChatLog:HeartbeatSeconds=1"];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [Promise("VOX-M3")]
    public async Task SendMessage_StorageAnswersAtRandom_NothingLostNothingTwice(double rate)
    {
        var faults = new StorageFaults();
        await using var app = await StartAsync(faults);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var key = await alice.ConversationOfAsync(bob);
        var send = await SenderAsync(app, project, alice);
        await send("bob", "text of first", "first");

        faults.Choose = _ => Random.Shared.NextDouble() < rate ? (Fault)Random.Shared.Next(1, Enum.GetValues<Fault>().Length) : Fault.None;
        var firsts = new ConcurrentDictionary<string, long>();
        var (refused, watch, length) = (0, Stopwatch.StartNew(), TimeSpan.FromSeconds(TestRun.IsLong ? 120 : 6));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(sender => Task.Run(async () =>
        {
            for (var n = 0; watch.Elapsed < length; n++)
            {
                // Every fifth message is not sent again, whatever happened to it.
                var id = $"s{sender}-{n}";
                while (!firsts.ContainsKey(id))
                {
                    if (watch.Elapsed > length)
                    {
                        faults.Choose = null;
                    }

                    try
                    {
                        firsts[id] = (await send("bob", "text of " + id, id)).Sequence;
                    }
                    catch (Exception)
                    {
                        Interlocked.Increment(ref refused);
                        if (n % 5 == 0)
                        {
                            break;
                        }
                    }
                }
            }
        })));
        faults.Choose = null;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{firsts.Count} sent, {refused} refused in {watch.Elapsed.TotalSeconds:F1} s; "
            + $"{string.Join(", ", faults.Counts.OrderBy(f => f.Key))}");

        // A repeated request gets the same answer. A message that was not sent again is in the log if it is stored.
        foreach (var (id, sequence) in firsts)
        {
            var again = await send("bob", "another text", id);
            Assert.Equal((true, sequence), (again.Duplicate, again.Sequence));
        }

        var messages = await app.ReadConversationAsync(key);
        Assert.InRange(messages.Count, firsts.Count + 1, firsts.Count + 1 + refused);
        Assert.All(messages, message => Assert.Equal("text of " + message.Id, message.Draft.Data));
        await app.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)), 20, () => RepairAsync(app));
    }

    [Fact]
    [Promise("VOX-M4")]
    public async Task SendMessage_StoredButNeverAnswered_IsLoggedWithoutBeingSentAgain()
    {
        var faults = new StorageFaults();
        await using var app = await StartAsync(faults);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var send = await SenderAsync(app, project, alice);
        await send("bob", "one", "1");
        await app.SettleAsync(project.Id);

        // The storage cannot be reached from the transaction on.
        var cut = false;
        faults.Choose = request =>
        {
            var was = cut;
            cut |= request.Contains("conversations", StringComparison.Ordinal) && request.StartsWith("POST", StringComparison.Ordinal);
            return was ? Fault.BrokenBefore : cut ? Fault.BrokenAfter : Fault.None;
        };
        await Assert.ThrowsAnyAsync<Exception>(() => send("bob", "two", "2"));
        faults.Choose = null;

        var key = await alice.ConversationOfAsync(bob);
        var messages = await app.ReadConversationAsync(key);
        Assert.Equal(2, messages.Count);
        await app.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)), 15, () => RepairAsync(app));
    }

    [Fact]
    public async Task SendMessage_WriterTakenForDeadWhileItsLogWaits_LoggedOnceAndGoesOn()
    {
        var faults = new StorageFaults();
        await using var cut = await StartAsync(faults);
        await using var other = await VoxApp.StartAsync(backends, Impatient, tablePrefix: cut.TablePrefix);
        var project = await cut.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var send = await SenderAsync(cut, project, alice);
        var through = await SenderAsync(other, project, bob);
        await send("bob", "one", "1");
        await cut.SettleAsync(project.Id);

        // The app can store messages, but it can neither log them nor report that it is alive.
        faults.Choose = request => request.Contains("chatlog", StringComparison.Ordinal)
            || request.Contains("logwriters", StringComparison.Ordinal)
            ? Fault.RefusedBefore
            : Fault.None;
        for (var n = 2; n <= 30; n++)
        {
            await send("bob", $"m{n}", $"{n}");
        }

        var key = await alice.ConversationOfAsync(bob);
        await other.AssertLogIsAsync(
            project.Id, (await other.ReadConversationAsync(key)).Select(message => (key, message)), 15, () => RepairAsync(other));
        await through("alice", "from the other side", "31");
        faults.Choose = null;
        await send("bob", "thirty-two", "32");
        await cut.SettleAsync(project.Id);
        await other.SettleAsync(project.Id);

        var messages = await other.ReadConversationAsync(key);
        Assert.Equal(32, messages.Count);
        await other.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)));
    }

    [Fact]
    [Promise("VOX-M5")]
    public async Task RunRepair_TransactionOfTheDeadStillUnderWay_FailsWhenItArrives()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await alice.SendChatAsync("bob", "one", "1");
        var key = await alice.ConversationOfAsync(bob);
        var store = backends.App.Get<ConversationStore>();
        var head = (await store.FindHeadAsync(key, CancellationToken.None))!;

        Assert.True(await store.FenceAsync(key, CancellationToken.None));

        var late = new Message(
            2,
            head.LastTime,
            new MessageDraft("2", "alice", head.Members[0].Uid, "bob", MessageType.Text, "text/plain", "two", "", 3, 0, 0));
        Assert.Equal(
            new CommitResult(null, OnlyTheHead: true),
            await store.CommitAsync(key, head with { LastSequence = 2 }, [late], "late", CancellationToken.None));
        await alice.SendChatAsync("bob", "two", "2");
        Assert.Equal([1L, 2L], (await backends.App.ReadConversationAsync(key)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task Commit_MessageStoredBefore_FailsAndNotOnTheHeadAlone()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await alice.SendChatAsync("bob", "one", "1");
        var key = await alice.ConversationOfAsync(bob);
        var store = backends.App.Get<ConversationStore>();
        var head = (await store.FindHeadAsync(key, CancellationToken.None))!;
        var uid = (await backends.App.Get<UserStore>().FindAsync(new(project.Id, "alice"), CancellationToken.None))!.Uid;
        Message Of(long sequence, string id)
            => new(sequence, head.LastTime, new MessageDraft(id, "alice", uid, "bob", MessageType.Text, "text/plain", "x", "", 1, 0, 0));

        var result = await store.CommitAsync(key, head with { LastSequence = 3 }, [Of(2, "new"), Of(3, "1")], "c", CancellationToken.None);

        Assert.Equal(new CommitResult(null, OnlyTheHead: false), result);
        Assert.Equal(head, await store.FindHeadAsync(key, CancellationToken.None) is { } now
            ? now with { Members = head.Members, Epochs = head.Epochs }
            : null);
    }

    [Fact]
    public async Task SendMessage_LongTextsFarFromAscii_StayWithinTheTransactionLimit()
    {
        var app = backends.App;
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var send = await SenderAsync(app, project, alice);
        await send("bob", "first", "first");
        var text = new string('漢', 16_000);

        var sent = await Task.WhenAll(Enumerable.Range(0, 120).Select(n => send("bob", text, $"m{n}")));

        Assert.Equal(120, sent.Select(s => s.Sequence).Distinct().Count());
        await app.SettleAsync(project.Id).WaitAsync(TimeSpan.FromSeconds(30));
        var key = await alice.ConversationOfAsync(bob);
        await app.AssertLogIsAsync(project.Id, (await app.ReadConversationAsync(key)).Select(message => (key, message)));
    }

    private Task<VoxApp> StartAsync(StorageFaults faults) => VoxApp.StartAsync(
        backends, [.. Impatient, "Logging:LogLevel:Vox=None"], builder => builder.Services.AddSingleton<HttpPipelinePolicy>(faults));

    private static Task RepairAsync(VoxApp app) => app.Get<ChatLogRepair>().RunAsync(CancellationToken.None);

    /// <summary>Sends as one user, without the HTTP layer.</summary>
    private static async Task<Func<string, string, string, Task<SentMessage>>> SenderAsync(VoxApp app, TestProject project, TestUser user)
    {
        var stored = await app.Get<ProjectService>().GetAsync(project.Id, CancellationToken.None);
        var uid = (await app.Get<UserStore>().FindAsync(new(project.Id, user.LoginId), CancellationToken.None))!.Uid;
        var messages = app.Get<MessageService>();
        return (to, text, id) => messages.SendMessageAsync(
            stored, new Sender(user.LoginId, uid), new SendMessageRequest(to, text, ClientMessageId: id), CancellationToken.None);
    }
}
