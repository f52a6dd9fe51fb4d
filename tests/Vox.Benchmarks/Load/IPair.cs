namespace Vox.Benchmarks.Load;

/// <summary>Two users of some chat system.</summary>
internal interface IPair : IAsyncDisposable
{
    /// <summary>Sends one message; completes when it has arrived, and with receipts, when the sender knows.</summary>
    Task SendAsync(string text, Latencies answered, Latencies arrived, Latencies known);
}
