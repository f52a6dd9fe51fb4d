using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Moves;
using Vox.Tests.Fixture;

namespace Vox.Tests.Moves;

/// <summary>Two apps with the same data and two SignalR services, a project on service 0, and what operators and clients do.</summary>
internal sealed class MoveWorld : IAsyncDisposable
{
    private readonly TwoServices two;
    private readonly FakeTimeProvider clock;
    private readonly SemaphoreSlim sending = new(1);
    private readonly CancellationTokenSource over = new();
    private readonly Task ticking;

    private MoveWorld(TwoServices two, VoxApp other, FakeTimeProvider clock, TestProject project)
    {
        (this.two, Other, this.clock, Project) = (two, other, clock, project);
        ticking = TickAsync();
    }

    public VoxApp App => two.App;

    public VoxApp Other { get; }

    public TestProject Project { get; }

    public Vox.SignalREmulation.SignalREmulator[] Services => two.Services;

    public static async Task<MoveWorld> StartAsync(Backends backends)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var two = await TwoServices.StartAsync(backends, clock);
        var other = await VoxApp.StartAsync(
            backends, two.Settings, builder => builder.Services.AddSingleton<TimeProvider>(clock), two.App.TablePrefix);
        two.ReportTo(two.App.Address, other.Address);
        var world = new MoveWorld(two, other, clock, await two.App.CreateProjectAsync());
        await world.PlaceAsync(0);
        return world;
    }

    public async Task PlaceAsync(params int[] services) => await App.Get<Vox.Chat.Projects.ProjectService>().UpdateAsync(
        Project.Id, project => project with { Placement = new(services) }, CancellationToken.None);

    public async Task<JsonElement> MoveAsync(params int[] services)
    {
        using var response = await CallAsync(HttpMethod.Put, services);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<JsonElement> ReadAsync()
    {
        using var response = await CallAsync(HttpMethod.Get, null);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> CallAsync(HttpMethod method, int[]? services)
    {
        var request = new HttpRequestMessage(method, $"/api/operator/v1/projects/{Project.Id}/services")
        {
            Content = services is null ? null : JsonContent.Create(new { services }),
        };
        request.Headers.Add("x-functions-key", "local-master-key");
        return App.Http.SendAsync(request);
    }

    /// <summary>Lets time pass, and the timer run on both apps at once, until the move has ended.</summary>
    public async Task FinishAsync(Func<Task> heartbeats)
    {
        for (var i = 0; i < 10 && (await ReadAsync()).GetProperty("movingFrom").GetArrayLength() > 0; i++)
        {
            await RunTimersAsync();
            await heartbeats();
            await JumpAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Empty((await ReadAsync()).GetProperty("movingFrom").EnumerateArray());
    }

    /// <summary>Sends a message, but not while the clock jumps: its push would be too late at once.</summary>
    public async Task SendAsync(Func<Task> send)
    {
        await sending.WaitAsync();
        try
        {
            await send();
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Lets much time pass, when everything that was sent has been pushed.</summary>
    public Task JumpAsync(TimeSpan time) => SendAsync(async () =>
    {
        await App.SettleAsync(Project.Id);
        await Other.SettleAsync(Project.Id);
        clock.Advance(time);
    });

    public Task RunTimersAsync() => Task.WhenAll(
        ((VoxApp[])[App, Other]).Select(app => app.Get<MoveRun>().RunAsync(CancellationToken.None)));

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await ticking;
        await Other.DisposeAsync();
        await two.DisposeAsync();
        sending.Dispose();
        over.Dispose();
    }

    /// <summary>Otherwise the clock goes as clocks do: what waits for a moment must not wait for ever.</summary>
    private async Task TickAsync()
    {
        for (var last = TimeProvider.System.GetTimestamp(); !over.IsCancellationRequested;)
        {
            await Task.Delay(10, CancellationToken.None);
            var now = TimeProvider.System.GetTimestamp();
            clock.Advance(TimeProvider.System.GetElapsedTime(last, now));
            last = now;
        }
    }
}

/// <summary>A client that reconnects whenever it is disconnected, and synchronizes as docs/realtime.md tells clients to.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, int> live = new();
    private readonly ConcurrentDictionary<long, string> known = new();
    private readonly CancellationTokenSource over = new();
    private readonly TestSession session;
    private readonly string conversation;
    private HubConnection? connection;
    private Task running = Task.CompletedTask;

    private Follower(TestSession session, string conversation) => (this.session, this.conversation) = (session, conversation);

    /// <summary>All messages that it has, by live events and synchronizing.</summary>
    public IReadOnlyCollection<string> Texts => [.. known.OrderBy(message => message.Key).Select(message => message.Value)];

    /// <summary>Messages that came live more than once.</summary>
    public int Doubled => live.Values.Count(count => count > 1);

    public int Connections { get; private set; }

    public static async Task<Follower> StartAsync(TestSession session, string conversation)
    {
        var follower = new Follower(session, conversation);
        await follower.ConnectAsync();
        follower.running = follower.StayAsync();
        return follower;
    }

    public async Task HasAsync(int count)
    {
        await WaitAsync(() => known.Count >= count);
        Assert.True(
            known.Count == count,
            $"{session.RealtimeUser} has {known.Count} of {count} messages ({string.Join(' ', live.Keys.Order())} came live), "
            + $"connected {Connections} times, now {connection?.State}.");
    }

    /// <summary>It has connected so often.</summary>
    public async Task ConnectedAsync(int count)
    {
        await WaitAsync(() => Connections >= count);
        Assert.Equal(count, Connections);
    }

    public static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition() && !limit.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>A sign of life, as clients give them.</summary>
    public async Task BeatAsync()
    {
        if (connection?.ConnectionId is { } id)
        {
            using var _ = await session.PostAsync("/api/v1/presence", new { connection = id });
        }
    }

    private async Task ConnectAsync()
    {
        var made = new HubConnectionBuilder()
            .WithUrl(
                new Uri(session.App.Address, $"/api/v1/realtime?u={Uri.EscapeDataString(session.RealtimeUser)}"),
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(session.AccessToken))
            .Build();
        made.On<JsonElement>("message", ReceiveAsync);
        await made.StartAsync(over.Token);
        connection = made;
        Connections++;
        await SynchronizeAsync();
    }

    private async Task StayAsync()
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                if (connection!.State == HubConnectionState.Disconnected)
                {
                    await connection.DisposeAsync();
                    await ConnectAsync();
                }
            }
            catch (Exception) when (!over.IsCancellationRequested)
            {
                // Tries again, as clients do.
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task ReceiveAsync(JsonElement message)
    {
        var sequence = message.GetProperty("sequence").GetInt64();
        live.AddOrUpdate(sequence, 1, (_, count) => count + 1);
        var gap = sequence > 1 && !known.ContainsKey(sequence - 1);
        known[sequence] = message.GetProperty("data").GetString()!;
        if (gap)
        {
            await SynchronizeAsync();
        }
    }

    private async Task SynchronizeAsync()
    {
        var page = await session.GetJsonAsync($"/api/v1/messages?conversation={conversation}&size=1000");
        foreach (var message in page.GetProperty("messages").EnumerateArray())
        {
            known[message.GetProperty("sequence").GetInt64()] = message.GetProperty("data").GetString()!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await running;
        await connection!.DisposeAsync();
        over.Dispose();
    }
}
