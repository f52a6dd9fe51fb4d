using System.Text.Json.Serialization;

namespace Vox.Platform.SelfChecks;

[JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))]
public enum FindingLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, but is not how it should be.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Something does not work.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}

/// <param name="Check">What was looked at: <c>storage</c>.</param>
/// <param name="Text">What was found, in a sentence. Never a secret.</param>
/// <param name="Remedy">What to do; absent when nothing is wrong.</param>
/// <param name="Value">For the tool, which compares it with what it sees from outside.</param>
public sealed record Finding(string Check, FindingLevel Level, string Text, string? Remedy = null, string? Value = null);
