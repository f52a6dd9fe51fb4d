namespace Vox.Tests.Proof;

/// <summary>One after the other: each of these tests keeps the machine busy by itself.</summary>
[CollectionDefinition(Name)]
public sealed class ProofCollection
{
    public const string Name = "Proof";

    /// <summary>Many more rounds than in a build: <c>VOX_LONG=1</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("VOX_LONG") == "1";

    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("VOX_SEED"), out var seed) ? seed : Environment.TickCount;
}
