namespace Vox.Tests.Fixture;

/// <summary>What the person who starts the tests may choose.</summary>
public static class TestRun
{
    /// <summary>Many more rounds than in a build: <c>VOX_LONG=1</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("VOX_LONG") == "1";

    /// <summary>The same random choices again: <c>VOX_SEED</c>, as a failed run has printed it.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("VOX_SEED"), out var seed)
        ? seed
        : Environment.TickCount;

    /// <summary>Writes to the test's output, which is shown beside its failure.</summary>
    public static void Note(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>A random source of one test; it says which seed repeats it.</summary>
    public static DeterministicRandom Random()
    {
        Note($"VOX_SEED={Seed}");
        return new DeterministicRandom(Seed);
    }
}
