namespace Vox.OperatorTool;

/// <summary>What the tool has around it. Tests give it others.</summary>
internal sealed class Surroundings
{
    public TextWriter Output { get; init; } = Console.Out;

    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>A variable of the environment; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long the doctor waits for an event of the live channel.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}
