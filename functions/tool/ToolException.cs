namespace Vox.OperatorTool;

/// <summary>Ends the tool with a sentence for whoever called it.</summary>
internal sealed class ToolException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
