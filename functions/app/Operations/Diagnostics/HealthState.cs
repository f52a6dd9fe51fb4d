namespace Vox.Operations.Diagnostics;

public enum HealthLevel
{
    Ok,

    /// <summary>Messages are stored; something else does not work.</summary>
    Degraded,

    /// <summary>Nothing can be stored or read.</summary>
    Unavailable,
}

/// <summary>The state of one part.</summary>
/// <param name="Problem">What is wrong and what to do, in a sentence; null when nothing is.</param>
public sealed record PartHealth(string Part, HealthLevel Level, string? Problem, DateTimeOffset Since);

/// <summary>What everybody may see: one word, because attackers would also like to know which part is weak.</summary>
internal sealed record HealthResponse(string Status);

internal sealed record HealthDetailsResponse(string Status, IReadOnlyList<HealthPartResponse> Parts);

internal sealed record HealthPartResponse(string Part, string Status, string? Problem, DateTimeOffset Since);
