using System.Diagnostics;

namespace Vox.Benchmarks.Load;

/// <summary>Keeps every measured time instead of a summary, so percentiles are exact.</summary>
internal sealed class Latencies
{
    private readonly List<double> all = [];

    public int Count
    {
        get
        {
            lock (all)
            {
                return all.Count;
            }
        }
    }

    public void Add(TimeSpan time)
    {
        lock (all)
        {
            all.Add(time.TotalMilliseconds);
        }
    }

    /// <param name="began">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Since(long began) => Add(Stopwatch.GetElapsedTime(began));

    /// <returns>Milliseconds; NaN when there is none.</returns>
    public double Percentile(double percent)
    {
        lock (all)
        {
            all.Sort();
            return all.Count == 0 ? double.NaN : all[Math.Clamp((int)Math.Ceiling(percent / 100 * all.Count) - 1, 0, all.Count - 1)];
        }
    }

    public double Mean
    {
        get
        {
            lock (all)
            {
                return all.Count == 0 ? double.NaN : all.Average();
            }
        }
    }
}
