using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Realtime;
using Vox.Tests.Cluster;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>
/// What users do while a cluster breaks: they write to each other and in groups, come and go, and listen. It also checks what must be true
/// afterwards.
/// </summary>
internal sealed partial class Load : IAsyncDisposable
{
    private const int Pairs = 8;
    private const int SendersPerPair = 3;
    private const int GroupSize = 4;
    private const int Listeners = 3;

    private readonly TestCluster cluster;
    private readonly TestProject project;
    private readonly List<(TestUser User, TestSession Session)> users = [];
    private readonly List<(ConversationKey Key, int From, string To)> talks = [];
    private readonly List<string> groups = [];
    private readonly ConcurrentDictionary<(string Conversation, string Id), long> acknowledged = new();
    private readonly ConcurrentDictionary<(string Conversation, long Sequence), string> heard = new();
    private readonly List<HubConnection> listeners = [];
    private readonly CancellationTokenSource done = new();
    private Task running = Task.CompletedTask;
    private int unanswered;
    private int givenUp;

    private Load(TestCluster cluster, TestProject project) => (this.cluster, this.project) = (cluster, project);

    public int Acknowledged => acknowledged.Count;

    private VoxApp Observer => cluster.Observer;

    public static async Task<Load> StartAsync(TestCluster cluster)
    {
        var load = new Load(cluster, await cluster.Observer.CreateProjectAsync());
        await load.BeginAsync();
        return load;
    }

    /// <summary>Completes when the given number of messages is acknowledged.</summary>
    public async Task ReachAsync(int messages)
    {
        while (acknowledged.Count < messages && !running.IsFaulted)
        {
            await Task.WhenAny(running, Task.Delay(20));
        }
    }

    /// <summary>Completes when the given number of messages is acknowledged and nobody waits for an answer any more.</summary>
    public async Task FinishAsync(int messages)
    {
        await ReachAsync(messages);
        await done.CancelAsync();
        await running;
    }

    /// <summary>Who is in which group of the service, and how to restore that.</summary>
    public async Task<Func<Task>> RememberSignalRAsync()
    {
        var joined = new List<(string RealtimeUser, string Group)>();
        foreach (var group in groups)
        {
            foreach (var (_, session) in users)
            {
                if (await AskSignalRAsync(HttpMethod.Head, session.RealtimeUser, group) == HttpStatusCode.OK)
                {
                    joined.Add((session.RealtimeUser, group));
                }
            }
        }

        return async () =>
        {
            foreach (var (realtimeUser, group) in joined)
            {
                await AskSignalRAsync(HttpMethod.Put, realtimeUser, group);
            }
        };
    }

    public async Task VerifyAsync()
    {
        var stored = new List<(ConversationKey Key, Message Message)>();
        foreach (var key in talks.Select(talk => talk.Key).Distinct())
        {
            stored.AddRange((await Observer.ReadConversationAsync(key)).Select(message => (key, message)));
        }

        // No acknowledged message is lost, none is there twice (ReadConversationAsync), and none is there that nobody sent.
        var byId = stored.ToDictionary(m => (m.Key.Id, m.Message.Id), m => m.Message);
        Assert.All(acknowledged, ack => Assert.Equal(ack.Value, byId[ack.Key].Sequence));
        Assert.InRange(byId.Count, acknowledged.Count, acknowledged.Count + givenUp);
        Assert.All(heard, event_ => Assert.Equal(event_.Key.Sequence, byId[(event_.Key.Conversation, event_.Value)].Sequence));

        Assert.All(stored, m => AssertState(m.Key.Id, m.Message));
        await ChangesAgreeAsync(stored);
        await Observer.AssertLogIsAsync(project.Id, stored, 120, () => Observer.Get<ChatLogRepair>().RunAsync(CancellationToken.None));
        await ReadThroughEveryAppAsync(stored);
        await GroupsAgreeAsync();
        await PresenceAgreesAsync();
    }

    public override string ToString() =>
        $"{acknowledged.Count} acknowledged, {unanswered} unanswered, {givenUp} of them given up, {heard.Count} heard live";

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        foreach (var listener in listeners)
        {
            await listener.DisposeAsync();
        }

        done.Dispose();
    }

    private async Task BeginAsync()
    {
        for (var i = 0; i < Pairs * 2; i++)
        {
            var user = await project.CreateUserAsync($"user{i}");
            users.Add((user, await user.LogInAsync()));
        }

        for (var i = 0; i < Pairs; i++)
        {
            var key = await users[2 * i].User.ConversationOfAsync(users[(2 * i) + 1].User);
            talks.AddRange(
                [.. Enumerable.Range(0, SendersPerPair).Select(n => (key, (2 * i) + (n % 2), users[(2 * i) + 1 - (n % 2)].User.LoginId))]);
        }

        for (var g = 0; g < 2; g++)
        {
            var members = Enumerable.Range(1, GroupSize - 1).Select(n => users[(g * GroupSize) + n].User.LoginId).ToArray();
            var group = await users[g * GroupSize].Session.PostJsonAsync("/api/v1/groups", new { name = $"Group {g}", members });
            groups.Add(group.GetProperty("id").GetString()!);
            talks.AddRange(
                [.. Enumerable.Range(0, GroupSize)
                    .Select(n => (new ConversationKey(project.Id, groups[g]), (g * GroupSize) + n, groups[g]))]);
        }

        for (var i = 0; i < Listeners; i++)
        {
            listeners.Add(Listen(users[i].Session, cluster.Address(i)));
        }

        running = Task.WhenAll([
            .. talks.Select((talk, n) => Task.Run(() => SendAsync(talk.Key.Id, talk.From, talk.To, $"s{n}"))),
            .. Enumerable.Range(0, groups.Count).Select(g => Task.Run(() => ComeAndGoAsync(g))),
            .. listeners.Select(listener => Task.Run(() => StayConnectedAsync(listener))),
            Task.Run(AcknowledgeAsync)]);
    }

    private async Task SendAsync(string conversation, int from, string to, string name)
    {
        var wire = new Wire(users[from].Session.AccessToken);
        for (var n = 0; !done.IsCancellationRequested; n++)
        {
            var id = $"{name}-{n}";
            while (true)
            {
                if (await wire.SendAsync(Random.Shared.GetItems([.. cluster.Clients], 1)[0], to, "text of " + id, id) is { } sent)
                {
                    acknowledged[(conversation, id)] = sent.Sequence;
                    await ChangeAsync(users[from].Session, conversation, id, sent.Sequence);
                    break;
                }

                Interlocked.Increment(ref unanswered);
                if (Random.Shared.Next(10) == 0)
                {
                    Interlocked.Increment(ref givenUp);
                    break;
                }

                await Task.Delay(Random.Shared.Next(10, 60));
            }
        }
    }

    /// <summary>A user joins a group and leaves it, over and over. The tables tell the result.</summary>
    private async Task ComeAndGoAsync(int group)
    {
        var (owner, mover) = (users[group * GroupSize], users[^(group + 1)]);
        for (var n = 0; !done.IsCancellationRequested; n++)
        {
            using var _ = n % 2 == 0
                ? await TryAsync(
                    owner.Session, HttpMethod.Post, $"/api/v1/groups/{groups[group]}/members", new { ids = new[] { mover.User.LoginId } })
                : await TryAsync(mover.Session, HttpMethod.Post, $"/api/v1/groups/{groups[group]}/leave");
            await Task.Delay(Random.Shared.Next(100, 400));
        }
    }

    private async Task AcknowledgeAsync()
    {
        while (!done.IsCancellationRequested)
        {
            var talk = talks[Random.Shared.Next(talks.Count)];
            var last = acknowledged.Where(ack => ack.Key.Conversation == talk.Key.Id).Select(ack => ack.Value).DefaultIfEmpty().Max();
            using var _ = await TryAsync(
                users[talk.From].Session, HttpMethod.Post, "/api/v1/receipts",
                new { receipts = new[] { new { conversation = talk.Key.Id, delivered = last, read = last / 2 } } });
            await Task.Delay(50);
        }
    }

    private async Task<HttpResponseMessage?> TryAsync(TestSession session, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.AccessToken);
        try
        {
            return await cluster.Clients[Random.Shared.Next(cluster.Clients.Count)].SendAsync(request);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private HubConnection Listen(TestSession session, Uri address)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(address, $"/api/v1/realtime?u={Uri.EscapeDataString(session.RealtimeUser)}"),
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(session.AccessToken))
            .Build();
        connection.On<JsonElement>("message", message => heard[(
            message.GetProperty("conversation").GetString()!,
            message.GetProperty("sequence").GetInt64())] = message.GetProperty("id").GetString()!);
        return connection;
    }

    private async Task StayConnectedAsync(HubConnection listener)
    {
        while (!done.IsCancellationRequested)
        {
            if (listener.State == HubConnectionState.Disconnected)
            {
                await TryConnectAsync(listener);
            }

            await Task.Delay(100);
        }
    }

    private static async Task TryConnectAsync(HubConnection listener)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await listener.StartAsync(patience.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Tries again in a moment.
        }
    }

    private async Task ReadThroughEveryAppAsync(List<(ConversationKey Key, Message Message)> stored)
    {
        var talk = talks[0];
        var count = stored.Count(m => m.Key == talk.Key);
        for (var app = 0; app < 3; app++)
        {
            var page = await new Wire(users[talk.From].Session.AccessToken).GetAsync(
                cluster.Clients[app], $"/api/v1/messages?conversation={talk.Key.Id}&size=1000");
            Assert.Equal(count, page.GetProperty("lastSequence").GetInt64());
            Assert.Equal(
                stored.Where(m => m.Key == talk.Key).OrderByDescending(m => m.Message.Sequence).Take(1_000).Select(m => m.Message.Id),
                page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        }
    }

    /// <summary>The groups of the service have exactly the users that the tables have.</summary>
    private async Task GroupsAgreeAsync()
    {
        foreach (var group in groups)
        {
            var key = new ConversationKey(project.Id, group);
            var members = (await Observer.Get<GroupStore>().ReadMembersAsync(key, CancellationToken.None))
                .ConvertAll(member => member.LoginId);
            Assert.Equal(
                members.Count, (await Observer.Get<ConversationStore>().FindHeadAsync(key, CancellationToken.None))!.Group!.MemberCount);
            await UntilAsync($"The service's group is not {string.Join(' ', members)}", async () =>
            {
                await Observer.Get<GroupReconciler>().RunAsync(TimeSpan.Zero, CancellationToken.None);
                foreach (var (user, session) in users)
                {
                    var isIn = await AskSignalRAsync(HttpMethod.Head, session.RealtimeUser, group) == HttpStatusCode.OK;
                    if (isIn != members.Contains(user.LoginId))
                    {
                        return false;
                    }
                }

                return true;
            });
        }
    }

    /// <summary>Users who are connected are online. Users who vanished silently are not.</summary>
    private async Task PresenceAgreesAsync()
    {
        await listeners[0].DisposeAsync();
        var asks = users[^1].Session;
        var here = Enumerable.Range(1, Listeners - 1).ToArray();
        await UntilAsync("Presence does not settle", async () =>
        {
            foreach (var i in here)
            {
                if (listeners[i].State == HubConnectionState.Disconnected)
                {
                    await TryConnectAsync(listeners[i]);
                }

                using var beat = await users[i].Session.PostAsync("/api/v1/presence", new { connection = listeners[i].ConnectionId });
            }

            await Observer.Get<PresenceService>().ExpireAsync(CancellationToken.None);
            var found = await asks.PostJsonAsync("/api/v1/users/lookup", new { ids = users.Select(user => user.User.LoginId) });
            return found.GetProperty("users").EnumerateArray().Where(user => user.GetProperty("online").GetBoolean())
                .Select(user => user.GetProperty("id").GetString()).Order().SequenceEqual(here.Select(i => users[i].User.LoginId).Order());
        });
    }

    private async Task<HttpStatusCode> AskSignalRAsync(HttpMethod method, string realtimeUser, string group)
    {
        var connection = SignalRConnection.Parse(
            $"Endpoint=http://localhost;Port={cluster.SignalR.Port};"
            + $"AccessKey={Vox.SignalREmulation.SignalREmulatorOptions.DevelopmentKey}");
        var address = connection.Endpoint.GetLeftPart(UriPartial.Authority)
            + $"/api/hubs/chat/users/{Uri.EscapeDataString(realtimeUser)}/groups/"
            + Uri.EscapeDataString(RealtimeUser.GroupOf(project.Id, group));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, address + "?api-version=2022-06-01");
        request.Headers.Authorization = new(
            "Bearer", await Observer.Get<SignalRTokens>().ForAsync(connection, address, CancellationToken.None));
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task UntilAsync(string otherwise, Func<Task<bool>> condition)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), otherwise + ".");
            await Task.Delay(200);
        }
    }
}
