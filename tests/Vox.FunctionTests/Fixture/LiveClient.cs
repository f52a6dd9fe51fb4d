using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace Vox.Tests.Fixture;

/// <summary>A plain SignalR client, connected through the app's negotiate.</summary>
public sealed class LiveClient : IAsyncDisposable
{
    private static readonly string[] Events =
        ["message", "receipt", "presence", "profile", "joined", "typing", "group", "settings", "change"];

    private readonly Dictionary<string, Channel<JsonElement>> channels = Events.ToDictionary(
        name => name, _ => Channel.CreateUnbounded<JsonElement>());

    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LiveClient(HubConnection connection)
    {
        Connection = connection;
        foreach (var (name, channel) in channels)
        {
            connection.On<JsonElement>(name, payload => channel.Writer.TryWrite(payload));
        }

        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    public static async Task<LiveClient> ConnectAsync(TestSession session)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(session.App.Address, $"/api/v1/realtime?u={Uri.EscapeDataString(session.RealtimeUser)}"),
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(session.AccessToken))
            .Build();
        var client = new LiveClient(connection);
        await connection.StartAsync();
        return client;
    }

    /// <summary>The next message; fails after ten seconds.</summary>
    public Task<JsonElement> NextMessageAsync() => NextAsync("message");

    /// <summary>The next event of that name; fails after ten seconds.</summary>
    public async Task<JsonElement> NextAsync(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            return await channels[name].Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No {name} came within ten seconds.", e);
        }
    }

    /// <summary>The next event of that name that meets a condition; others are dropped.</summary>
    public async Task<JsonElement> NextAsync(string name, Func<JsonElement, bool> condition)
    {
        while (true)
        {
            var next = await NextAsync(name);
            if (condition(next))
            {
                return next;
            }
        }
    }

    public bool Has(string name) => channels[name].Reader.TryPeek(out _);

    /// <summary>Completes when the connection has ended; fails after ten seconds.</summary>
    public Task ClosedAsync() => closed.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
