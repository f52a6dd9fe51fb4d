using System.Diagnostics;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Conversations;

/// <summary>What operations cost, in storage requests and rows. These figures do not depend on the machine.</summary>
public sealed class BudgetTests(Backends backends)
{
    private const int Messages = 50_000;
    private const int Page = 50;

    [Fact]
    public async Task Send_SteadyState_OneRequestBeforeTheAnswerAndOneAfter()
    {
        var requests = new RequestLog();
        await using var signalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(
            backends,
            ["AzureSignalRConnectionString=" + signalR.ConnectionString],
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await alice.LogInAsync();
        await session.SendMessageAsync("bob", "warm");
        await alice.SendChatAsync("bob", "warm");
        await app.SettleAsync(project.Id);

        // The request to the log needs the transaction's answer, so the caller waits for only one of the two.
        await ExpectAsync(() => session.SendMessageAsync("bob", "by token"), "POST conversations 3", "POST chatlog 1");
        await ExpectAsync(() => alice.SendChatAsync("bob", "by password"), "GET users", "POST conversations 3", "POST chatlog 1");
        await ExpectAsync(() => session.SendMessageAsync("bob", "again"), "POST conversations 3", "POST chatlog 1");

        async Task ExpectAsync(Func<Task> send, params string[] expected)
        {
            requests.Clear();
            var (storage, sends) = (app.Storage.Count, signalR.Counters.Sends);
            await send();
            await app.SettleAsync(project.Id);
            Assert.Equal(expected, requests.Requests);
            Assert.Equal(expected.Length, app.Storage.Count - storage);
            Assert.Equal(2, signalR.Counters.Sends - sends);
        }
    }

    [Fact]
    public async Task Send_ManyAtOnceInOneConversation_ShareTransactions()
    {
        const int count = 490;
        var requests = new RequestLog();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var project = await app.CreateProjectAsync();
        var (alice, _) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await alice.LogInAsync();
        await session.SendMessageAsync("bob", "warm");
        await app.SettleAsync(project.Id);

        requests.Clear();
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => session.SendMessageAsync("bob", $"m{n}")));
        await app.SettleAsync(project.Id);

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} messages: {string.Join(", ", requests.Requests)}");
        Assert.InRange(
            requests.Requests.Count(request => request.StartsWith("POST conversations", StringComparison.Ordinal)), count / 49, count / 5);
        Assert.InRange(requests.Requests.Count, 0, count / 4);
    }

    [Fact]
    public async Task Read_PageOneAndPageThousandOfFiftyThousand_CostTheSame()
    {
        var requests = new RequestLog();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await alice.LogInAsync();
        await session.SendMessageAsync("bob", "text of 1", "1");
        await app.SettleAsync(project.Id);
        var watch = Stopwatch.StartNew();
        await FillAsync(app, project.Id, await alice.ConversationOfAsync(bob));
        TestContext.Current.TestOutputHelper?.WriteLine($"Filled in {watch.Elapsed.TotalSeconds:F1} s");

        var costs = new List<(string What, int Page, int Requests, long Rows)>();
        foreach (var page in new[] { 1, 2, 500, 1_000 })
        {
            var offset = (page - 1) * Page;
            if (page == 1)
            {
                // Not counted: a process first reads the caller's rows, which it then remembers, and once looks for what other processes
                // have left behind.
                await session.GetJsonAsync("/api/v1/messages?with=bob&offset=1&size=1");
                await project.HistoryAsync(0, 1);
            }

            requests.Clear();
            watch.Restart();
            var json = await session.GetJsonAsync($"/api/v1/messages?with=bob&offset={offset}&size={Page}");
            Report("conversation", page);
            Assert.Equal(
                Enumerable.Range(0, Page).Select(n => (long)(Messages - offset - n)),
                json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64()));

            requests.Clear();
            watch.Restart();
            var rows = await project.HistoryAsync(offset, Page);
            Report("log", page);
            Assert.Equal(Enumerable.Range(0, Page).Select(n => $"text of {Messages - offset - n}"), rows.Select(row => row.Data));
        }

        foreach (var what in costs.GroupBy(cost => cost.What))
        {
            // The first page needs no position, so it may cost fewer requests. A later page, however deep, costs no more than the second
            // one.
            Assert.All(what, cost => Assert.InRange(cost.Requests, 1, 2));
            Assert.All(
                what.Skip(1), cost => Assert.Equal((what.ElementAt(1).Requests, what.ElementAt(1).Rows), (cost.Requests, cost.Rows)));
            // The head and the marks of both members come with the newest page.
            Assert.All(what, cost => Assert.InRange(cost.Rows, Page, Page + 3));
        }

        void Report(string what, int page)
        {
            costs.Add((what, page, requests.Requests.Count, requests.Rows));
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{what} page {page}: {requests.Requests.Count} requests, {requests.Rows} rows, {watch.ElapsedMilliseconds} ms");
        }
    }

    /// <summary>Messages 2 to 50,000, in transactions as large as they may be.</summary>
    private static async Task FillAsync(VoxApp app, string projectId, ConversationKey key)
    {
        var (conversations, log) = (app.Get<ConversationStore>(), app.Get<ChatLogStore>());
        var head = (await conversations.FindHeadAsync(key, CancellationToken.None))!;
        var member = head.Members.Single(m => m.LoginId == "alice");
        Message Of(int n) => new(
            n,
            head.LastTime,
            new MessageDraft($"{n}", "alice", member.Uid, "bob", MessageType.Text, "text/plain", $"text of {n}", "", 9, 0, 0));

        async Task FillConversationAsync()
        {
            // The rows of first results are left out, because no page reads them. This halves the rows, for the sake of the emulator.
            var table = app.Get<StorageClients>().Table("conversations");
            for (var n = 2; n < Messages; n += 100)
            {
                await table.SubmitAsync(
                    [.. Enumerable.Range(n, Math.Min(100, Messages - n)).Select(m =>
                        new TableTransactionAction(TableTransactionActionType.Add, ConversationRows.Message(key, Of(m))))],
                    CancellationToken.None);
            }

            await conversations.CommitAsync(key, head with { LastSequence = Messages }, [Of(Messages)], "fill", CancellationToken.None);
        }

        async Task FillLogAsync()
        {
            for (var position = 1; position < Messages;)
            {
                if (position % ChatKeys.LogBlockSize == 0)
                {
                    await log.BeginBlockAsync(projectId, ChatLogStore.BlockOf(position), head.LastTime, CancellationToken.None);
                }

                var count = Math.Min(100 - (position % 100), Messages - position);
                await log.AppendAsync(
                    projectId,
                    [.. Enumerable.Range(position, count).Select(p => new ChatLogEntry(
                        p, head.LastTime, key.Id, p + 1, $"{p + 1}", "alice", "bob", 1, $"text of {p + 1}"))],
                    CancellationToken.None);
                position += count;
            }
        }

        await Task.WhenAll(FillConversationAsync(), FillLogAsync());
    }
}
