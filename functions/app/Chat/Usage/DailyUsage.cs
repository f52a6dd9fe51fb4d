namespace Vox.Chat.Usage;

/// <summary>What a project has at the end of a day. A day without a row is as the last one before it that has one.</summary>
/// <param name="MessageBytes">Of all messages up to then.</param>
/// <param name="FileBytes">Of the files stored then.</param>
public sealed record DailyUsage(DateOnly Day, long Users, long MessageBytes, long FileBytes)
{
    public long Of(UsagePart part) => part switch
    {
        UsagePart.Users => Users,
        UsagePart.Messages => MessageBytes,
        _ => FileBytes,
    };
}

/// <summary>Adds up one part of a project's usage.</summary>
public interface IDailyFigure
{
    UsagePart Part { get; }

    /// <summary>Adds up what has changed. May run several times, also at once.</summary>
    /// <param name="before">The figure at the end of the day before; null when nobody knows.</param>
    /// <returns>The figure at the end of each day, from the first to the last.</returns>
    Task<IReadOnlyList<long>> FoldAsync(string projectId, DateOnly from, DateOnly to, long? before, CancellationToken cancellationToken);
}
