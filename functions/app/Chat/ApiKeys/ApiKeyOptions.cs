using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.ApiKeys;

/// <summary>Limits of API keys. Section <c>ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "ApiKeys";

    /// <summary>Keys of one project. 1–200, default 50.</summary>
    [Range(1, 200)]
    public int MaxPerProject { get; set; } = 50;

    /// <summary>
    /// How long a process knows a key without a look into storage, in seconds: a revoked key ends within it. 1–30, default 15.
    /// </summary>
    [Range(1, 30)]
    public int CacheSeconds { get; set; } = 15;

    internal TimeSpan Cache => TimeSpan.FromSeconds(CacheSeconds);
}
