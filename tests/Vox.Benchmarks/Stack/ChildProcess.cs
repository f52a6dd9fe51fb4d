using System.Diagnostics;
using System.Text.Json;

namespace Vox.Benchmarks.Stack;

/// <summary>
/// Runs this program again in another role, so that the processor time of that role is measured alone. The child reads questions as lines
/// from its input and writes answers as lines to its output. It exits when its input ends, so also when this process is killed.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);

    private ChildProcess(Process process, string greeting) => (this.process, Greeting) = (process, greeting);

    /// <summary>The line that it printed when it was ready.</summary>
    public string Greeting { get; }

    public Process Process => process;

    public static async Task<ChildProcess> StartAsync(
        string role, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        start.ArgumentList.Add(role);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ChildRole.Ready, StringComparison.Ordinal))
            {
                return new ChildProcess(process, line[ChildRole.Ready.Length..]);
            }
        }

        throw new InvalidOperationException($"The process for {role} ended before it was ready.");
    }

    public async Task<JsonElement> AskAsync(string line)
    {
        await turn.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
            while (await process.StandardOutput.ReadLineAsync() is { } answer)
            {
                if (answer.StartsWith(ChildRole.Ready, StringComparison.Ordinal))
                {
                    return JsonSerializer.Deserialize<JsonElement>(answer[ChildRole.Ready.Length..]);
                }
            }

            throw new InvalidOperationException("A process under measurement has ended.");
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        turn.Dispose();
    }
}
