using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace Vox.Tests.SignalR;

/// <summary>A connected client that remembers the first argument of every "message" and how the connection ended.</summary>
internal sealed class TestClient
{
    private readonly Channel<object?> received = Channel.CreateUnbounded<object?>();
    private readonly TaskCompletionSource<Exception?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestClient(HubConnection connection)
    {
        Connection = connection;
        connection.On("message", [typeof(object)], arguments =>
        {
            received.Writer.TryWrite(arguments[0]);
            return Task.CompletedTask;
        });
        connection.Closed += error =>
        {
            closed.TrySetResult(error);
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }
    public string Id => Connection.ConnectionId!;
    public bool HasNothing => received.Reader.Count == 0;
    public Task<Exception?> Closed => closed.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);

    public async Task<string> ReceiveAsync()
    {
        var value = await received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Patience);
        return value is JsonElement json && json.ValueKind != JsonValueKind.String ? json.GetRawText() : value?.ToString() ?? "null";
    }
}

internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(5, timeout.Token);
        }
    }
}
