namespace Vox.Benchmarks.Runner;

/// <summary>One repeatable measurement. It states its conditions and prints what it saw; it never passes or fails by a time.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>One line: what is measured, and its options.</summary>
    string What { get; }

    /// <summary>
    /// The options with which <c>all</c> runs it, so that everything together stays within minutes. Null when it is not part of <c>all</c>.
    /// </summary>
    string[]? Short { get; }

    Task RunAsync(Options options, Report report);
}
