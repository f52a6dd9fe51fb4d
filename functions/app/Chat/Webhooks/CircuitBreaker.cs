namespace Vox.Chat.Webhooks;

/// <summary>
/// Stops asking an address that has failed several times in a row. After a while one call may try it again. Of one process; each finds out
/// for itself.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time)
{
    public const int Failures = 5;

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private int failures;
    private long? openedAt;

    /// <returns>Whether to ask.</returns>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (openedAt is not { } at)
            {
                return true;
            }

            if (time.GetElapsedTime(at) < Pause)
            {
                return false;
            }

            // One asks; the others wait for its result, or for the next pause.
            openedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <returns>Whether it does not ask now, if that is news: it has opened, stays open after a try, or has closed.</returns>
    public bool? Leave(bool failed)
    {
        lock (gate)
        {
            var wasOpen = openedAt is not null;
            failures = failed ? failures + 1 : 0;
            openedAt = failures >= Failures ? openedAt ?? time.GetTimestamp() : null;
            return openedAt is not null ? true : wasOpen ? false : null;
        }
    }
}
