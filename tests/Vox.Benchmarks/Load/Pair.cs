using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Vox.Benchmarks.Load;

/// <summary>Two connected users. One writes, and the other acknowledges if asked to.</summary>
/// <param name="rest">Over the vendor's REST API, with the password each time.</param>
internal sealed class Pair(Person from, Person to, bool receipts, bool rest = false) : IPair
{
    private static long lastId;

    private readonly ConcurrentDictionary<string, Flight> flights = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Flight> acknowledged = new();

    public Person From => from;

    public Person To => to;

    public async Task ConnectAsync()
    {
        await from.ConnectAsync(OnSender);
        await to.ConnectAsync(OnReceiver);
    }

    /// <summary>Completes when the message has arrived. With receipts, it completes when the sender knows that.</summary>
    public async Task SendAsync(string text, Latencies answered, Latencies arrived, Latencies known)
    {
        var id = "b" + Interlocked.Increment(ref lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var flight = flights[id] = new Flight(Stopwatch.GetTimestamp(), arrived, known);
        if (rest)
        {
            await from.SendChatAsync(to.Name, id, text);
            answered.Since(flight.Began);
            await flight.Arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            return;
        }

        var sent = await from.SendAsync(to.Name, id, text);
        answered.Since(flight.Began);
        if (receipts)
        {
            acknowledged[sent.GetProperty("sequence").GetInt64()] = flight;
        }

        await flight.Arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        if (receipts)
        {
            // The receipt may be faster than the answer.
            Acknowledge();
            await flight.Known.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await from.DisposeAsync();
        await to.DisposeAsync();
    }

    private long delivered;

    private void OnSender(string name, JsonElement payload)
    {
        if (name == "receipt")
        {
            Volatile.Write(ref delivered, Math.Max(Volatile.Read(ref delivered), payload.GetProperty("delivered").GetInt64()));
            Acknowledge();
        }
    }

    private void Acknowledge()
    {
        foreach (var (sequence, flight) in acknowledged)
        {
            if (sequence <= Volatile.Read(ref delivered) && acknowledged.TryRemove(sequence, out _))
            {
                flight.KnownLatencies.Since(flight.Began);
                flight.Known.TrySetResult();
            }
        }
    }

    private void OnReceiver(string name, JsonElement payload)
    {
        if (name == "message" && flights.TryRemove(payload.GetProperty("id").GetString()!, out var flight))
        {
            flight.ArrivedLatencies.Since(flight.Began);
            if (receipts)
            {
                _ = to.AcknowledgeAsync(payload.GetProperty("conversation").GetString()!, payload.GetProperty("sequence").GetInt64());
            }

            flight.Arrived.TrySetResult();
        }
    }

    private sealed record Flight(long Began, Latencies ArrivedLatencies, Latencies KnownLatencies)
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Known { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
