namespace Vox.Benchmarks.Runner;

/// <summary>Scenarios that print tables of their own.</summary>
internal sealed class Older(string name, string what, string[]? brief, Func<string[], Task> run) : IScenario
{
    public string Name => name;

    public string What => what;

    public string[]? Short => brief;

    public async Task RunAsync(Options options, Report report)
    {
        var console = Console.Out;
        using var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            await run([.. options.Words.Where(w => w != "--json")]);
        }
        finally
        {
            Console.SetOut(console);
        }

        report.Add(printed.ToString());
    }
}
