using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Realtime;

/// <summary>
/// Pushes events to users in the background, after the change behind them was stored. A push may be lost. Clients see the gap in the
/// sequence and ask for what is missing.
/// </summary>
public sealed partial class Pusher(SignalRServices services, IOptions<RealtimeOptions> options, ILogger<Pusher> logger) : IHostedService
{
    private readonly CancellationTokenSource stopping = new();
    private int running;
    private long dropped;

    /// <summary>Pushes that were not even tried, because too many were under way.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Pushes under way.</summary>
    public int Running => Volatile.Read(ref running);

    /// <param name="target">The name of the event that clients listen to.</param>
    public void ToUsers<T>(ReadOnlySpan<UserIdentity> users, string target, T payload, JsonTypeInfo<T> type)
    {
        if (!services.IsConfigured)
        {
            return;
        }

        var message = Envelope(target, payload, type);
        foreach (var user in users)
        {
            var userId = RealtimeUser.IdOf(user);
            Start(() => services.SendToUserAsync(userId, message, stopping.Token));
        }
    }

    /// <summary>Pushes to a group, with one call to each service, whatever the group's size.</summary>
    /// <param name="sentAt">
    /// When the message was sent. The push is given up <see cref="RealtimeOptions.GroupPush"/> later: users who join the live group after
    /// that must not get it.
    /// </param>
    public void ToGroup<T>(string projectId, string groupId, string target, T payload, JsonTypeInfo<T> type, DateTimeOffset sentAt)
    {
        if (services.IsConfigured)
        {
            var message = Envelope(target, payload, type);
            Start(() => services.SendToGroupAsync(
                RealtimeUser.GroupOf(projectId, groupId), message, sentAt + options.Value.GroupPush, stopping.Token));
        }
    }

    /// <summary>Completes when the service has accepted the push, or it was given up.</summary>
    public Task ToGroupAsync<T>(string projectId, string groupId, string target, T payload, JsonTypeInfo<T> type) =>
        services.SendToGroupAsync(RealtimeUser.GroupOf(projectId, groupId), Envelope(target, payload, type), null, stopping.Token);

    /// <summary>Completes when the service has accepted the pushes, or they were given up.</summary>
    public Task ToUsersAsync<T>(IEnumerable<UserIdentity> users, string target, T payload, JsonTypeInfo<T> type)
    {
        var message = Envelope(target, payload, type);
        return Task.WhenAll(users.Select(user => services.SendToUserAsync(RealtimeUser.IdOf(user), message, stopping.Token)));
    }

    /// <summary>
    /// True when there are several services. Then a binding of the host, which knows one, cannot send to everybody.
    /// </summary>
    public bool HasSeveralServices => services.AreSeveral;

    /// <summary>False when no service is configured, so nothing can be pushed.</summary>
    public bool IsConfigured => services.IsConfigured;

    /// <summary>Also runs in the background. For a caller that pushes several events in its own order.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool Run(Func<Task> tell) => Start(tell);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets the pushes under way finish. Each ends by its own time limit.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (Running > 0 && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
        }

        await stopping.CancelAsync();
        stopping.Dispose();
    }

    private bool Start(Func<Task> send)
    {
        if (Interlocked.Increment(ref running) > options.Value.MaxPushes)
        {
            Interlocked.Decrement(ref running);
            Instruments.PushesDropped.Add(1);
            if (Interlocked.Increment(ref dropped) % 1_000 == 1)
            {
                TooMany(options.Value.MaxPushes);
            }

            return false;
        }

        _ = RunAsync(send);
        return true;
    }

    private async Task RunAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e)
        {
            Broken(e);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    private static ReadOnlyMemory<byte> Envelope<T>(string target, T payload, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("target"u8, target);
            json.WriteStartArray("arguments"u8);
            JsonSerializer.Serialize(json, payload, type);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    [LoggerMessage(3010, LogLevel.Warning, "More than {Max} pushes are under way: dropping some")]
    private partial void TooMany(int max);

    [LoggerMessage(3011, LogLevel.Error, "A push failed")]
    private partial void Broken(Exception exception);
}
