using System.Diagnostics;

namespace Vox.Benchmarks.Load;

/// <summary>Each pair has one message in flight. It sends the next message when the one before is finished.</summary>
internal sealed class ClosedLoop
{
    public Latencies Answered { get; } = new();

    public Latencies Arrived { get; } = new();

    /// <summary>From sending to the receipt.</summary>
    public Latencies Known { get; } = new();

    public double Seconds { get; private set; }

    public int Messages => Arrived.Count;

    public double PerSecond => Messages / Seconds;

    public static async Task<ClosedLoop> RunAsync(IReadOnlyList<IPair> pairs, TimeSpan time, int messageBytes)
    {
        var loop = new ClosedLoop();
        var text = new string('x', messageBytes);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(pairs.Select(async pair =>
        {
            while (clock.Elapsed < time)
            {
                await pair.SendAsync(text, loop.Answered, loop.Arrived, loop.Known);
            }
        }));
        loop.Seconds = clock.Elapsed.TotalSeconds;
        return loop;
    }
}
