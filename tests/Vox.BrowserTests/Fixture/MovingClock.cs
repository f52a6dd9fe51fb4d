namespace Vox.Tests.Fixture;

/// <summary>Runs as clocks do, but may be elsewhere, and be moved; timers and durations do not notice.</summary>
internal sealed class MovingClock(TimeSpan ahead = default) : TimeProvider
{
    private long ticks = ahead.Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
