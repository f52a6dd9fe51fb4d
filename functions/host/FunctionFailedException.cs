using Vox.DevHost.Rpc;

namespace Vox.DevHost;

/// <summary>What a function threw in the worker, as the worker reports it.</summary>
internal sealed class FunctionFailedException(string function, StatusResult? result)
    : Exception(result?.Exception?.Message ?? $"Function '{function}' failed.")
{
    /// <summary>The stack in the worker.</summary>
    public string WorkerStack { get; } = result?.Exception?.StackTrace ?? "";

    public override string ToString() => $"{Message}{Environment.NewLine}{WorkerStack}";
}
