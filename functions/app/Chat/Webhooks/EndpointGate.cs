using System.Collections.Concurrent;

namespace Vox.Chat.Webhooks;

/// <summary>
/// How many requests this process makes to one endpoint at a time. An endpoint that is slow must not take all places from the others: it
/// gets few, and what finds none waits in the queue.
/// </summary>
internal sealed class EndpointGate
{
    public const int Places = 8;

    /// <summary>While its last answer took longer than <see cref="Slow"/>.</summary>
    public const int PlacesWhenSlow = 2;

    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, State> states = new(StringComparer.Ordinal);

    /// <returns>False when there is no place: come back later.</returns>
    public bool TryEnter(string endpoint)
    {
        var state = states.GetOrAdd(endpoint, static _ => new State());
        lock (state)
        {
            if (state.Running >= (state.IsSlow ? PlacesWhenSlow : Places))
            {
                return false;
            }

            state.Running++;
            return true;
        }
    }

    public void Leave(string endpoint, TimeSpan took)
    {
        var state = states.GetOrAdd(endpoint, static _ => new State());
        lock (state)
        {
            state.Running--;
            state.IsSlow = took > Slow;
        }
    }

    private sealed class State
    {
        public int Running { get; set; }

        public bool IsSlow { get; set; }
    }
}
