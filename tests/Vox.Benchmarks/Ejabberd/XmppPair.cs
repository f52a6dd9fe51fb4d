using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Vox.Benchmarks.Load;

namespace Vox.Benchmarks.Ejabberd;

/// <summary>The same as <see cref="Pair"/>, but over XMPP, with the receipts of XEP-0184.</summary>
internal sealed class XmppPair(bool receipts) : IPair
{
    private static long lastId;

    private readonly ConcurrentDictionary<string, Flight> flights = new(StringComparer.Ordinal);
    private XmppClient from = null!;
    private XmppClient to = null!;

    public static async Task<XmppPair> ConnectAsync(int port, int number, bool receipts)
    {
        var pair = new XmppPair(receipts);
        pair.from = await XmppClient.ConnectAsync(port, $"a{number}", "secret", pair.OnSender);
        pair.to = await XmppClient.ConnectAsync(port, $"b{number}", "secret", pair.OnReceiver);
        return pair;
    }

    public async Task SendAsync(string text, Latencies answered, Latencies arrived, Latencies known)
    {
        var id = "x" + Interlocked.Increment(ref lastId).ToString(CultureInfo.InvariantCulture);
        var flight = flights[id] = new Flight(Stopwatch.GetTimestamp(), arrived, known);
        await from.SendAsync(
            $"<message to='{to.Address}' type='chat' id='{id}'>"
            + $"<body>{text}</body>{(receipts ? "<request xmlns='urn:xmpp:receipts'/>" : "")}</message>");
        await (receipts ? flight.Known : flight.Arrived).Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await from.DisposeAsync();
        await to.DisposeAsync();
    }

    private void OnReceiver(string stanza)
    {
        var id = Attribute(stanza, 0, "id");
        if (!flights.TryGetValue(id, out var flight))
        {
            return;
        }

        flight.ArrivedLatencies.Since(flight.Began);
        flight.Arrived.TrySetResult();
        if (receipts)
        {
            _ = to.SendAsync(
                $"<message to='{from.Address}' type='chat' id='r{id}'><received xmlns='urn:xmpp:receipts' id='{id}'/></message>");
        }
        else
        {
            flights.TryRemove(id, out _);
        }
    }

    private void OnSender(string stanza)
    {
        var at = stanza.IndexOf("<received", StringComparison.Ordinal);
        if (at >= 0 && flights.TryRemove(Attribute(stanza, at, "id"), out var flight))
        {
            flight.KnownLatencies.Since(flight.Began);
            flight.Known.TrySetResult();
        }
    }

    /// <summary>Of the first tag at or after a place; either kind of quotes.</summary>
    private static string Attribute(string stanza, int from, string name)
    {
        var end = stanza.IndexOf('>', from);
        var at = stanza.IndexOf($" {name}=", from, end - from, StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }

        var value = at + name.Length + 3;
        return stanza[value..stanza.IndexOf(stanza[value - 1], value)];
    }

    private sealed record Flight(long Began, Latencies ArrivedLatencies, Latencies KnownLatencies)
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Known { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
