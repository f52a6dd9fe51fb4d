using System.Diagnostics;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Load;

/// <summary>The same page again and again: its time, and what it costs the storage.</summary>
internal sealed record Reading(double Milliseconds, double Requests, double Rows)
{
    /// <param name="read">Gets the number of the repetition.</param>
    public static async Task<Reading> OfAsync(VoxStack stack, int times, Func<int, Task> read)
    {
        // The first read is left out: what is read only then does not belong to the steady state.
        await read(0);
        var before = await stack.UsageAsync();
        var latencies = new Latencies();
        for (var i = 1; i <= times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await read(i);
            latencies.Since(began);
        }

        var used = (await stack.UsageAsync()).Since(before).App;
        return new(latencies.Percentile(50), (double)used.Requests / times, (double)used.Rows / times);
    }
}
