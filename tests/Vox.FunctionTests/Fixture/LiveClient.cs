using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace Vox.Tests.Fixture;

/// <summary>A plain SignalR client, connected through the app's negotiate.</summary>
public sealed class LiveClient : IAsyncDisposable
{
    private readonly Channel<JsonElement> messages = Channel.CreateUnbounded<JsonElement>();

    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LiveClient(HubConnection connection)
    {
        Connection = connection;
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        connection.On<JsonElement>("message", message => messages.Writer.TryWrite(message));
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
    public async Task<JsonElement> NextMessageAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await messages.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Completes when the connection has ended; fails after ten seconds.</summary>
    public Task ClosedAsync() => closed.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public bool HasMessage => messages.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
