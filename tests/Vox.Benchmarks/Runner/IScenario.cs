namespace Vox.Benchmarks.Runner;

/// <summary>One repeatable measurement. It states its conditions and prints what it saw; it never passes or fails by a time.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>One line: what is measured, and its options.</summary>
    string What { get; }

    /// <summary>The options that <c>all</c> runs it with, so that everything together stays within minutes; null: not part of it.</summary>
    string[]? Short { get; }

    Task RunAsync(Options options, Report report);
}
