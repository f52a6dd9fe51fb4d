using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Webhooks;

/// <summary>Webhooks. Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>The setting with the queue's name. The host's trigger reads it too, so it has no section.</summary>
    public const string QueueSetting = "WebhookQueue";

    public const string DefaultQueue = "vox-webhooks";

    /// <summary>Endpoints of one project. 1–100, default 20.</summary>
    [Range(1, 100)]
    public int MaxPerProject { get; set; } = 20;

    /// <summary>
    /// The pause after the first attempt that failed, in seconds; the others grow with it. 0–60, default 5: 13 attempts in 72 hours.
    /// </summary>
    [Range(0, 60)]
    public int RetrySeconds { get; set; } = 5;

    /// <summary>After so many days without an attempt that succeeds, an endpoint is switched off. 1–30, default 5.</summary>
    [Range(1, 30)]
    public int FailingDays { get; set; } = 5;

    /// <summary>
    /// Deliveries of a project that each process keeps in a day for people to look at; beyond it, one in a hundred. 0–100,000, default
    /// 2,000.
    /// </summary>
    [Range(0, 100_000)]
    public int KeptPerDay { get; set; } = 2_000;
}
