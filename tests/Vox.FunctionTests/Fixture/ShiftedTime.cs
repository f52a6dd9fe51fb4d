namespace Vox.Tests.Fixture;

/// <summary>The real clock, which can be moved into the future. Waiting still works, unlike with a clock that stands still.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(shift.TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan time) => shift += time;
}
