namespace Vox.Chat.Webhooks;

/// <summary>When an event is sent again: pauses that grow, over three days.</summary>
internal static class WebhookRetries
{
    /// <summary>
    /// In first pauses. With five seconds: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, 12 h, 20 h, 24 h; together 71 h 43 min.
    /// </summary>
    private static readonly int[] Pauses = [1, 6, 24, 120, 360, 720, 1_440, 2_880, 5_760, 8_640, 14_400, 17_280];

    /// <summary>Nobody waits for an event any more that is older than this: all pauses, and some for a queue that was slow.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(4);

    public static int MaxAttempts => Pauses.Length + 1;

    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="first">The first pause.</param>
    /// <param name="random">0–1: up to a tenth more or less, so that not all come back at the same time.</param>
    /// <returns>Null when it was the last.</returns>
    public static TimeSpan? After(int attempt, TimeSpan first, double random) =>
        attempt < MaxAttempts ? first * Pauses[Math.Max(attempt, 1) - 1] * (0.9 + (0.2 * random)) : null;
}
