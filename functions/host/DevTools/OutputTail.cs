using System.Diagnostics;

namespace Vox.DevHost.DevTools;

/// <summary>The last lines that a process printed, for the error message if it fails.</summary>
internal sealed class OutputTail
{
    private const int MaxLines = 20;
    private readonly Queue<string> lines = new();
    private readonly string? awaited;
    private readonly TaskCompletionSource printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="awaited">A line to wait for: <see cref="Printed"/> completes when the process prints it.</param>
    public OutputTail(string? awaited = null) => this.awaited = awaited;

    /// <summary>Completes when the awaited line is printed.</summary>
    public Task Printed => printed.Task;

    public string Lines
    {
        get
        {
            lock (lines)
            {
                return string.Join(Environment.NewLine, lines);
            }
        }
    }

    public void Follow(Process process)
    {
        process.OutputDataReceived += (_, data) => Add(data.Data);
        process.ErrorDataReceived += (_, data) => Add(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public override string ToString() =>
        Lines is { Length: > 0 } lines ? $"Its last output:{Environment.NewLine}{lines}" : "It printed nothing.";

    private void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        if (line == awaited)
        {
            printed.TrySetResult();
        }

        lock (lines)
        {
            if (lines.Count == MaxLines)
            {
                lines.Dequeue();
            }

            lines.Enqueue(line);
        }
    }
}
