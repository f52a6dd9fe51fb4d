namespace Vox.Chat.ChatLogs;

/// <summary>
/// Counts what was begun and is not logged yet, by the period in which it was begun. A message counts from before it gets its time until it
/// stands in the log. So the age of the oldest is known without a list of all.
/// </summary>
public sealed class UnloggedWork
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly List<Period> periods = [];
    private readonly List<TaskCompletionSource> waiting = [];
    private long count;

    public UnloggedWork(TimeProvider time)
    {
        this.time = time;
        periods.Add(new Period(this, time.GetUtcNow()));
    }

    public bool IsNone => IfNone(static () => { });

    /// <summary>Counts one message in the present period.</summary>
    /// <returns>The period, whose <see cref="Period.Done"/> is to be called when the message is logged.</returns>
    public Period Begin()
    {
        lock (gate)
        {
            periods[^1].Count++;
            count++;
            return periods[^1];
        }
    }

    /// <summary>Begins a new period.</summary>
    /// <returns>Everything that was begun before this time is logged.</returns>
    public DateTimeOffset NextPeriod()
    {
        lock (gate)
        {
            periods.RemoveAll(static period => period.Count == 0);
            periods.Add(new Period(this, time.GetUtcNow()));

            // The first period need not be the earliest: the clock may have been set back since it began.
            return periods.Min(static period => period.StartedAt);
        }
    }

    /// <summary>If nothing is counted, does something while nothing can begin.</summary>
    public bool IfNone(Action action)
    {
        lock (gate)
        {
            if (count > 0)
            {
                return false;
            }

            action();
            return true;
        }
    }

    /// <summary>Completes as soon as nothing is counted.</summary>
    public Task WhenNoneAsync()
    {
        lock (gate)
        {
            if (count == 0)
            {
                return Task.CompletedTask;
            }

            var none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(none);
            return none.Task;
        }
    }

    /// <summary>A stretch of time, and how much of what was begun in it is not logged.</summary>
    public sealed class Period(UnloggedWork work, DateTimeOffset startedAt)
    {
        internal DateTimeOffset StartedAt => startedAt;

        internal long Count { get; set; }

        /// <summary>Counts one more, which began together with something that is still counted.</summary>
        public void Add()
        {
            lock (work.gate)
            {
                Count++;
                work.count++;
            }
        }

        public void Done()
        {
            lock (work.gate)
            {
                Count--;
                if (--work.count == 0)
                {
                    work.waiting.ForEach(static none => none.SetResult());
                    work.waiting.Clear();
                }
            }
        }
    }
}
