namespace Vox.Tests.Proof;

/// <summary>One after the other: each of these tests keeps the machine busy by itself.</summary>
[CollectionDefinition(Name)]
public sealed class ProofCollection
{
    public const string Name = "Proof";
}
