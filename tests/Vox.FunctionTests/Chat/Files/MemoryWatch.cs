namespace Vox.Tests.Files;

/// <summary>The most memory that this process, including the app, took while it was watched.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly Timer timer;
    private readonly long before;
    private long peak;

    public MemoryWatch()
    {
        GC.Collect();
        before = peak = Environment.WorkingSet;
        timer = new Timer(_ => Look(), null, 0, 10);
    }

    public long PeakMegabytes
    {
        get
        {
            Look();
            return (peak - before) / 1_048_576;
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look() => peak = Math.Max(peak, Environment.WorkingSet);
}
