namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// How long this process holds back in one conversation, so that all processes that write to it get their turn. Without this, one that has
/// just written is always the first to know the new head, commits again before the others have read it, and they starve. While it holds
/// back, its messages gather for the next transaction.
/// </summary>
/// <param name="random">A number from 0 up to 1.</param>
public sealed class Contention(TimeProvider time, Func<double> random)
{
    /// <summary>For this long after it was overtaken, a process expects others.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a process that writes without pause leaves a gap. It is never overtaken, so it would never learn of the others.
    /// </summary>
    private static readonly TimeSpan GapInterval = TimeSpan.FromSeconds(1);

    /// <summary>The length of a gap in commits: others need this long to read the head and to commit.</summary>
    private const double Gap = 2.5;

    private static readonly TimeSpan MaxCommitTime = TimeSpan.FromMilliseconds(250);

    private TimeSpan commitTime = TimeSpan.FromMilliseconds(10);
    private TimeSpan worked;
    private long? overtakenAt;
    private long gapAt = time.GetTimestamp();
    private long committedAt;
    private TimeSpan pause;

    /// <summary>How much longer the next transaction is to wait, measured from the last one.</summary>
    public TimeSpan Rest => pause > TimeSpan.Zero ? pause - time.GetElapsedTime(committedAt) : TimeSpan.Zero;

    /// <summary>Another process was faster.</summary>
    public void Overtaken() => overtakenAt = time.GetTimestamp();

    /// <summary>A transaction took so long.</summary>
    public void Committed(TimeSpan took)
    {
        took = took < MaxCommitTime ? took : MaxCommitTime;
        worked += took;
        commitTime += (took - commitTime) / 8;
        (committedAt, pause) = (time.GetTimestamp(), AfterCommit());
    }

    /// <summary>The wait before the next attempt after being overtaken. None the first time, because now the head is read.</summary>
    public TimeSpan BeforeAttempt(int failed) =>
        failed <= 1 ? TimeSpan.Zero : commitTime * random() * Math.Clamp(failed - 4, 1, 20);

    private TimeSpan AfterCommit()
    {
        if (overtakenAt is { } at && time.GetElapsedTime(at) < Memory)
        {
            StartOver();
            return commitTime * (0.75 + (0.75 * random()));
        }

        var since = time.GetElapsedTime(gapAt);
        if (since < GapInterval)
        {
            return TimeSpan.Zero;
        }

        var busy = worked > since / 2;
        StartOver();
        return busy ? commitTime * Gap : TimeSpan.Zero;
    }

    private void StartOver() => (gapAt, worked) = (time.GetTimestamp(), TimeSpan.Zero);
}
