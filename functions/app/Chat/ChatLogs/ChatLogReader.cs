using System.Runtime.CompilerServices;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Pages of a project's log. Positions have no gaps, so an offset is arithmetic: page 1,000 costs what page 1 costs, two requests.
/// Filters by user or group are evaluated by the storage while it walks back through the rows.
/// </summary>
public sealed class ChatLogReader(ChatLogStore store, ChatLogWriter writer, ChatLogRepair repair, TimeProvider time)
{
    /// <summary>A row may have 16,000 characters: 100 of them are a few megabytes.</summary>
    private const int StreamPage = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where the last row up to a time stands. Kept for the next pages of the same query.</summary>
    private readonly ExpiringCache<(string ProjectId, long End), long> edges = new(10_000, TimeSpan.FromSeconds(30), time);

    /// <summary>A page of the log, newest first.</summary>
    /// <param name="offset">How many records to leave out, counted from the newest.</param>
    /// <param name="size">1–1,000.</param>
    public async Task<List<ChatLogEntry>> ReadAsync(
        string projectId, ChatLogFilter filter, long offset, int size, CancellationToken cancellationToken)
    {
        await repair.FirstPassAsync(cancellationToken);
        await DrainAsync(projectId, cancellationToken);
        if (filter.ByUser)
        {
            return await OfUserAsync(projectId, filter, offset, size, cancellationToken);
        }

        if (offset == 0)
        {
            var newest = await NewestBlockAsync(projectId, filter.End, cancellationToken);
            return newest < 0 ? [] : await TakeAsync(
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

    /// <summary>All rows that match, newest first. They are read while they are taken, so only a few are in memory at a time.</summary>
    public async IAsyncEnumerable<ChatLogEntry> StreamAsync(
        string projectId, ChatLogFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await repair.FirstPassAsync(cancellationToken);
        await DrainAsync(projectId, cancellationToken);
        var newest = await NewestBlockAsync(projectId, filter.End, cancellationToken);
        var oldest = filter.Start is { } start ? await OldestBlockAsync(projectId, start, cancellationToken) : (long?)null;
        if (newest < 0)
        {
            yield break;
        }

        await foreach (var row in store.ScanAsync(projectId, newest, oldest, filter, StreamPage, cancellationToken))
        {
            if (row.Type != ChatLogEntry.Removed)
            {
                yield return row;
            }
        }
    }

    /// <summary>Position of the last row up to a time, -1 when there is none.</summary>
    private async Task<long> EdgeAsync(string projectId, long end, CancellationToken cancellationToken)
    {
        if (edges.TryGet((projectId, end), out var known))
        {
            return known;
        }

        var filter = new ChatLogFilter(End: end);
        var block = await NewestBlockAsync(projectId, end, cancellationToken);
        var rows = block < 0
            ? []
            : await TakeAsync(store.ScanAsync(projectId, block, null, filter, 1, cancellationToken), 0, 1, null, cancellationToken);
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
        var newest = NewestBlockAsync(projectId, filter.End, cancellationToken);
        var oldest = filter.Start is { } start ? OldestBlockAsync(projectId, start, cancellationToken) : Task.FromResult<long?>(null);
        var blocks = (Newest: await newest, Oldest: await oldest);

        // No more than is needed, unless some rows were removed: whoever reads the newest page reads it often.
        var page = (int)Math.Min(1_000, offset + size);
        return blocks.Newest < 0
            ? []
            : await TakeAsync(
                store.ScanAsync(projectId, blocks.Newest, blocks.Oldest, filter, page, cancellationToken), offset, size, null,
                cancellationToken);
    }

    /// <summary>The block before the first block of which all rows are later; null: the newest that there is; -1: none.</summary>
    private async Task<long?> NewestBlockAsync(string projectId, long? end, CancellationToken cancellationToken) =>
        end is { } time ? await store.FindBlockAfterAsync(projectId, time, cancellationToken) - 1 : null;

    /// <summary>The block before the one that began at or after the start.</summary>
    private async Task<long?> OldestBlockAsync(string projectId, long start, CancellationToken cancellationToken)
    {
        var block = await store.FindBlockAfterAsync(projectId, start - 1, cancellationToken)
            ?? ChatLogStore.BlockOf((await store.ReadTailAsync(projectId, cancellationToken)).Next);
        return Math.Max(0, block - 1);
    }

    /// <summary>Waits until what this process has stored is in the log.</summary>
    private async Task DrainAsync(string projectId, CancellationToken cancellationToken)
    {
        try
        {
            await writer.DrainChangesAsync(projectId).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new VoxException(Errors.Busy, "The chat log cannot keep up: try again shortly.", inner: e);
        }
    }

    /// <param name="start">Where to end: at the first row from before this time. Rows stand in the order of time.</param>
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
