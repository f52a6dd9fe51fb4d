using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Requests;

/// <summary>Requests to the API that are kept for people to look at. Section <c>Requests</c>.</summary>
public sealed class RequestOptions
{
    public const string Section = "Requests";

    /// <summary>
    /// Requests of a project that each process keeps in a minute; beyond it, one in a hundred. 0: none are kept. 0–10,000, default 60.
    /// </summary>
    [Range(0, 10_000)]
    public int KeptPerMinute { get; set; } = 60;
}
