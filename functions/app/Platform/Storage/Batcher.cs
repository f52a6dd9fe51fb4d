namespace Vox.Platform.Storage;

/// <summary>
/// Group commit: while one batch is being written, new items gather for the next. One batch at a time, in order.
/// </summary>
/// <param name="capacity">Items that may wait.</param>
/// <param name="maxItems">Items in one batch.</param>
/// <param name="maxBytes">Bytes in one batch, by <paramref name="sizeOf"/>; a batch has at least one item.</param>
/// <param name="commit">Writes a batch and settles its items itself. Its exceptions are ignored, and the next batch follows.</param>
/// <param name="gather">Waits before each batch, so that more may come for it. Must not fail. Default: no wait.</param>
public sealed class Batcher<T>(
    int capacity, int maxItems, int maxBytes, Func<T, int> sizeOf, Func<List<T>, Task> commit, Func<Task>? gather = null)
{
    private readonly Lock gate = new();
    private readonly Queue<T> waiting = new();
    private readonly List<(long Target, TaskCompletionSource Done)> drains = [];
    private long accepted;
    private long settled;
    private bool running;
    private bool closed;

    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <returns>False when the queue is full or closed.</returns>
    public bool TryAdd(T item, out bool isClosed) => TryAdd([item], out isClosed);

    /// <summary>Adds all at once, so that the first is not written alone.</summary>
    /// <returns>False if there is no room for all, or the queue is closed: then none was added.</returns>
    public bool TryAdd(ReadOnlySpan<T> items, out bool isClosed)
    {
        lock (gate)
        {
            isClosed = closed;
            if (closed || waiting.Count + items.Length > capacity)
            {
                return false;
            }

            foreach (var item in items)
            {
                waiting.Enqueue(item);
            }

            accepted += items.Length;
            if (running || items.IsEmpty)
            {
                return true;
            }

            running = true;
        }

        // Runs on the caller's thread up to the first real wait, so that a lone item does not wait in the thread pool's queue.
        _ = PumpAsync();
        return true;
    }

    /// <summary>Completes when everything that was added before this call is settled.</summary>
    public Task DrainAsync()
    {
        lock (gate)
        {
            if (settled >= accepted)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drains.Add((accepted, done));
            return done.Task;
        }
    }

    /// <summary>Refuses items from now on if nothing is being written, so that an idle batcher can be dropped.</summary>
    public bool TryClose()
    {
        lock (gate)
        {
            closed = closed || !running;
            return closed;
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            if (gather is not null)
            {
                await gather();
            }

            if (Take() is not { } batch)
            {
                return;
            }

            var count = batch.Count;
            try
            {
                await commit(batch);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nobody awaits this loop: if it ended here, everything after it would wait for ever.
            }

            Settle(count);
        }
    }

    private List<T>? Take()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                running = false;
                return null;
            }

            var batch = new List<T>(Math.Min(waiting.Count, maxItems));
            var bytes = 0;
            while (batch.Count < maxItems && waiting.TryPeek(out var next))
            {
                bytes += sizeOf(next);
                if (batch.Count > 0 && bytes > maxBytes)
                {
                    break;
                }

                batch.Add(waiting.Dequeue());
            }

            return batch;
        }
    }

    private void Settle(int count)
    {
        lock (gate)
        {
            settled += count;
            for (var i = drains.Count - 1; i >= 0; i--)
            {
                if (drains[i].Target <= settled)
                {
                    drains[i].Done.SetResult();
                    drains.RemoveAt(i);
                }
            }
        }
    }
}
