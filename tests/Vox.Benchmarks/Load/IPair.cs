namespace Vox.Benchmarks.Load;

/// <summary>Two users of some chat system.</summary>
internal interface IPair : IAsyncDisposable
{
    /// <summary>Sends one message. Completes when it has arrived; with receipts, when the sender knows that.</summary>
    Task SendAsync(string text, Latencies answered, Latencies arrived, Latencies known);
}
