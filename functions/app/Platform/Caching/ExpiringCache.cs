using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Vox.Platform.Caching;

/// <summary>A bounded memory of what was true a moment ago. Not a store: an entry may vanish at any time.</summary>
/// <param name="capacity">Number of entries. When it is reached, the expired ones are removed, and about a tenth of the others.</param>
/// <param name="lifetime">How long an entry is good for.</param>
/// <param name="time">The clock.</param>
internal sealed class ExpiringCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, (TValue Value, long Until)> entries = new();
    private readonly long ticks = (long)(lifetime.TotalSeconds * time.TimestampFrequency);
    private int sweeping;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (entries.TryGetValue(key, out var entry) && entry.Until > time.GetTimestamp())
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    public void Set(TKey key, TValue value)
    {
        if (entries.Count >= capacity)
        {
            Sweep();
        }

        entries[key] = (value, time.GetTimestamp() + ticks);
    }

    public void Remove(TKey key) => entries.TryRemove(key, out _);

    private void Sweep()
    {
        if (Interlocked.Exchange(ref sweeping, 1) == 1)
        {
            return;
        }

        var now = time.GetTimestamp();
        var spare = capacity / 10;
        foreach (var (key, entry) in entries)
        {
            if (entry.Until <= now || spare-- > 0)
            {
                entries.TryRemove(key, out _);
            }
        }

        Volatile.Write(ref sweeping, 0);
    }
}
