namespace Vox.Platform.Storage;

/// <summary>
/// Group commit: while one batch is being written, new items gather for the next. One batch at a time, in order.
/// </summary>
/// <param name="capacity">Items that may wait.</param>
/// <param name="maxItems">Items in one batch.</param>
/// <param name="maxBytes">Bytes in one batch, by <paramref name="sizeOf"/>; a batch has at least one item.</param>
/// <param name="gather">
/// How long to wait for more before a batch is taken, asked each time; null for not at all. The wait ends early when a batch is full, or
/// somebody waits for <see cref="DrainAsync"/>.
/// </param>
/// <param name="commit">Writes a batch and settles its items itself. Its exceptions are ignored, and the next batch follows.</param>
public sealed class Batcher<T>(
    int capacity, int maxItems, int maxBytes, Func<T, int> sizeOf, Func<List<T>, Task> commit, Func<TimeSpan>? gather = null)
{
    private readonly Lock gate = new();
    private readonly Queue<(T Item, int Bytes)> waiting = new();
    private readonly List<(long Target, TaskCompletionSource Done)> drains = [];
    private long accepted;
    private long settled;
    private bool running;
    private bool closed;
    private long waitingBytes;
    private bool hurried;
    private TaskCompletionSource? gathered;

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
                var bytes = sizeOf(item);
                waiting.Enqueue((item, bytes));
                waitingBytes += bytes;
            }

            accepted += items.Length;
            if (IsEnough)
            {
                gathered?.TrySetResult();
            }

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
            gathered?.TrySetResult();
            return done.Task;
        }
    }

    /// <summary>From now on no batch waits for more.</summary>
    public void Hurry()
    {
        lock (gate)
        {
            hurried = true;
            gathered?.TrySetResult();
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

    private bool IsEnough => hurried || drains.Count > 0 || waiting.Count >= maxItems || waitingBytes >= maxBytes;

    private async Task PumpAsync()
    {
        while (true)
        {
            await GatherAsync();
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

    private async Task GatherAsync()
    {
        if (gather?.Invoke() is not { } time || time <= TimeSpan.Zero)
        {
            return;
        }

        TaskCompletionSource enough;
        lock (gate)
        {
            if (waiting.Count == 0 || IsEnough)
            {
                return;
            }

            gathered = enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // By the real clock: what waits here is to be written soon, whatever time the app believes it is.
        await enough.Task.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            gathered = null;
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
                bytes += next.Bytes;
                if (batch.Count > 0 && bytes > maxBytes)
                {
                    break;
                }

                waitingBytes -= next.Bytes;
                batch.Add(waiting.Dequeue().Item);
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
