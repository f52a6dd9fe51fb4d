using System.Diagnostics;

namespace Vox.Local.DevTools;

/// <summary>The last lines that a process printed, for the error message if it fails.</summary>
internal sealed class OutputTail
{
    private const int MaxLines = 20;
    private readonly Queue<string> _lines = new();

    public void Follow(Process process)
    {
        process.OutputDataReceived += (_, data) => Add(data.Data);
        process.ErrorDataReceived += (_, data) => Add(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits for the rest: a process can be gone before its last words have arrived.</summary>
    public async Task<string> ReadToEndAsync(Process process, CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return ToString();
    }

    public override string ToString()
    {
        lock (_lines)
            return _lines.Count == 0 ? "It printed nothing." : $"Its last output:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}";
    }

    private void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            if (_lines.Count == MaxLines)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }
}
