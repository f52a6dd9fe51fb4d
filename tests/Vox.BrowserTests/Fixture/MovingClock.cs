namespace Vox.Tests.Fixture;

/// <summary>Runs like a normal clock, but it may show another time and can be moved. Timers and durations are not affected.</summary>
internal sealed class MovingClock(TimeSpan ahead = default) : TimeProvider
{
    private long ticks = ahead.Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
