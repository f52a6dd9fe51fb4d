namespace Vox.Tests.Fixture;

/// <summary>A random source that gives the same numbers for the same seed.</summary>
public sealed class DeterministicRandom(int seed)
{
    private uint state = ((uint)seed * 2_654_435_769) | 1;

    public int Next(int from, int to)
    {
        // xorshift32
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return from + (int)(state % (uint)(to - from));
    }

    public bool OneIn(int count) => Next(0, count) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Next(0, items.Count)];
}
