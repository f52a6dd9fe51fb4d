using System.Diagnostics;
using System.Text.Json;

namespace Vox.Benchmarks.Stack;

/// <summary>
/// This program again, in another role, so that its processor time is its own. It is asked by lines on its input, answers by lines on its
/// output, and leaves when its input ends: also when we are killed.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);

    private ChildProcess(Process process, string greeting) => (this.process, Greeting) = (process, greeting);

    /// <summary>What it said when it was ready.</summary>
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
