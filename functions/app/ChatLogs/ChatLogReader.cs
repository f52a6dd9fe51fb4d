using Vox.Security;

namespace Vox.ChatLogs;

/// <summary>
/// Pages of a project's log. Positions have no gaps, so an offset is arithmetic: page 1,000 costs what page 1 costs, two requests.
/// Filters by user are evaluated by the storage while it walks back through the rows.
/// </summary>
public sealed class ChatLogReader(ChatLogStore store, ChatLogWriter writer, ChatLogRepair repair, TimeProvider time)
{
    /// <summary>Where the last row up to a time stands; for the next pages of the same query.</summary>
    private readonly ExpiringCache<(string ProjectId, long End), long> edges = new(10_000, TimeSpan.FromSeconds(30), time);

    /// <param name="offset">Records to leave out, newest first.</param>
    /// <param name="size">1–1,000.</param>
    public async Task<List<ChatLogEntry>> ReadAsync(
        string projectId, ChatLogFilter filter, long offset, int size, CancellationToken cancellationToken)
    {
        await repair.FirstPassAsync(cancellationToken);
        await writer.DrainAsync(projectId).WaitAsync(cancellationToken);
        if (filter.ByUser)
        {
            return await OfUserAsync(projectId, filter, offset, size, cancellationToken);
        }

        if (offset == 0)
        {
            var newest = filter.End is { } end ? await store.FindBlockAfterAsync(projectId, end, cancellationToken) : null;
            return await TakeAsync(
                store.ScanAsync(projectId, newest, null, filter with { Start = null }, size, cancellationToken),
                0, size, filter.Start, cancellationToken);
        }

        var last = filter.End is { } until
            ? await EdgeAsync(projectId, until, cancellationToken)
            : (await store.ReadTailAsync(projectId, cancellationToken)).Next - 1;
        last -= offset;
        var range = last < 0 ? [] : await store.ReadRangeAsync(projectId, Math.Max(0, last - size + 1), last, filter, cancellationToken);
        range.RemoveAll(entry => entry.Type == ChatLogEntry.Removed);
        return range;
    }

    /// <summary>Position of the last row up to a time, -1 when there is none.</summary>
    private async Task<long> EdgeAsync(string projectId, long end, CancellationToken cancellationToken)
    {
        if (edges.TryGet((projectId, end), out var known))
        {
            return known;
        }

        var filter = new ChatLogFilter(End: end);
        var block = await store.FindBlockAfterAsync(projectId, end, cancellationToken);
        var rows = await TakeAsync(
            store.ScanAsync(projectId, block, null, filter, 1, cancellationToken), 0, 1, null, cancellationToken);
        var edge = rows is [var row] ? row.Position : -1;
        if (end < time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            edges.Set((projectId, end), edge);
        }

        return edge;
    }

    private async Task<List<ChatLogEntry>> OfUserAsync(
        string projectId, ChatLogFilter filter, long offset, int size, CancellationToken cancellationToken)
    {
        // The two edges in time become edges in keys, so that the storage need not walk through all of the log.
        var newest = filter.End is { } end ? store.FindBlockAfterAsync(projectId, end, cancellationToken) : Task.FromResult<long?>(null);
        var oldest = filter.Start is { } start ? OldestBlockAsync(projectId, start, cancellationToken) : Task.FromResult<long?>(null);
        return await TakeAsync(
            store.ScanAsync(projectId, await newest, await oldest, filter, 1_000, cancellationToken), offset, size, null, cancellationToken);
    }

    /// <summary>One block before the one that began at or after the start; and one more, for two writers that began the same block.</summary>
    private async Task<long?> OldestBlockAsync(string projectId, long start, CancellationToken cancellationToken)
    {
        var block = await store.FindBlockAfterAsync(projectId, start - 1, cancellationToken)
            ?? ChatLogStore.BlockOf((await store.ReadTailAsync(projectId, cancellationToken)).Next) + 1;
        return Math.Max(0, block - 2);
    }

    /// <param name="start">Ends at the first row before this time; rows stand in the order of time.</param>
    private static async Task<List<ChatLogEntry>> TakeAsync(
        IAsyncEnumerable<ChatLogEntry> rows, long offset, int size, long? start, CancellationToken cancellationToken)
    {
        var page = new List<ChatLogEntry>(Math.Min(size, 1_000));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (row.LoggedAt < start)
            {
                break;
            }

            if (row.Type == ChatLogEntry.Removed)
            {
                continue;
            }

            if (offset-- > 0)
            {
                continue;
            }

            page.Add(row);
            if (page.Count == size)
            {
                break;
            }
        }

        return page;
    }
}
