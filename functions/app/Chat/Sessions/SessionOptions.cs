using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Sessions;

/// <summary>Limits of sessions and their tokens. Section <c>Sessions</c>.</summary>
public sealed class SessionOptions
{
    public const string Section = "Sessions";

    /// <summary>Lifetime of an access token, in minutes. 1–60, default 15.</summary>
    [Range(1, 60)]
    public int AccessMinutes { get; set; } = 15;

    internal TimeSpan AccessLifetime => TimeSpan.FromMinutes(AccessMinutes);

    /// <summary>Lifetime of an unused session, in days. Each refresh starts it anew. 1–365, default 30.</summary>
    [Range(1, 365)]
    public int RefreshDays { get; set; } = 30;

    internal TimeSpan RefreshLifetime => TimeSpan.FromDays(RefreshDays);

    /// <summary>
    /// How many seconds the previous refresh token stays valid on the same device, which did not get the answer with the newest. 0–300,
    /// default 60. If it is used after that, or without the device's key, it is taken as stolen and the session ends.
    /// </summary>
    [Range(0, 300)]
    public int RefreshGraceSeconds { get; set; } = 60;

    internal TimeSpan RefreshGrace => TimeSpan.FromSeconds(RefreshGraceSeconds);

    /// <summary>Sessions of one user. A further log-in ends the oldest. 1–100, default 20.</summary>
    [Range(1, 100)]
    public int MaxPerUser { get; set; } = 20;

    /// <summary>How long a session counts as alive without a look into storage, in seconds. 1–300, default 30.</summary>
    [Range(1, 300)]
    public int CacheSeconds { get; set; } = 30;

    internal TimeSpan Cache => TimeSpan.FromSeconds(CacheSeconds);
}
