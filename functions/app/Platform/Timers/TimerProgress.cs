namespace Vox.Platform.Timers;

/// <summary>How far a run has come in a list that is sorted by name. Several pieces of work are under way at once.</summary>
internal sealed class TimerProgress(string? position)
{
    private readonly Lock gate = new();
    private readonly Queue<Step> steps = new();

    /// <summary>Everything up to here has ended. Null: nothing has.</summary>
    public string? Position { get; private set; } = position;

    /// <summary>How many have ended since it was last asked.</summary>
    public int Moved { get; private set; }

    public Step Begin(string name)
    {
        var step = new Step(name);
        lock (gate)
        {
            steps.Enqueue(step);
        }

        return step;
    }

    /// <returns>The position, if it has moved by so many pieces of work since the last time; otherwise null.</returns>
    public string? End(Step step, int every)
    {
        lock (gate)
        {
            step.HasEnded = true;
            while (steps.TryPeek(out var first) && first.HasEnded)
            {
                Position = steps.Dequeue().Name;
                Moved++;
            }

            if (Moved < every)
            {
                return null;
            }

            Moved = 0;
            return Position;
        }
    }

    internal sealed class Step(string name)
    {
        public string Name => name;

        public bool HasEnded { get; set; }
    }
}
