namespace Vox.Benchmarks.Runner;

/// <summary>Scenarios that print tables of their own.</summary>
internal sealed class Older(string name, string what, Func<string[], Task> run) : IScenario
{
    public string Name => name;

    public string What => what;

    public string[]? Short => null;

    public Task RunAsync(Options options, Report report) => run([.. options.Words]);
}
