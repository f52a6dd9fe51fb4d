namespace Vox.Chat.Usage;

/// <summary>Adds up the bytes of messages.</summary>
internal sealed class MessageBytes(UsageStore store) : IDailyFigure
{
    public UsagePart Part => UsagePart.Messages;

    public async Task<IReadOnlyList<long>> FoldAsync(
        string projectId, DateOnly from, DateOnly to, long? before, CancellationToken cancellationToken)
    {
        var sum = before ?? await store.BytesUntilAsync(projectId, from.AddDays(-1), cancellationToken);
        var sums = new List<long>();
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            sums.Add(sum += await store.BytesOfAsync(projectId, day, cancellationToken));
        }

        return sums;
    }
}
