using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Which messages of a group a member sees.</summary>
public enum GroupHistory
{
    /// <summary>Those from after they joined.</summary>
    Joined,

    /// <summary>All messages.</summary>
    All,
}

/// <summary>Limits of groups. Section <c>Groups</c>.</summary>
public sealed class GroupOptions
{
    public const string Section = "Groups";

    /// <summary>Members of one group. 2–10,000, default 1,000.</summary>
    [Range(2, 10_000)]
    public int MaxMembers { get; set; } = 1_000;

    /// <summary>Members of one broadcast group. 2–100,000, default 100,000.</summary>
    [Range(2, 100_000)]
    public int MaxBroadcastMembers { get; set; } = 100_000;

    /// <summary>
    /// Groups of one user. Checked before a membership is stored: two at the same moment may pass it by one. 1–5,000, default 500.
    /// </summary>
    [Range(1, 5_000)]
    public int MaxPerUser { get; set; } = 500;

    /// <summary>Longest name in characters (UTF-16). 1–200, default 100.</summary>
    [Range(1, 200)]
    public int MaxName { get; set; } = 100;

    /// <summary>Longest description in characters (UTF-16); it is rewritten with every message. 0–2,000, default 500.</summary>
    [Range(0, 2_000)]
    public int MaxDescription { get; set; } = 500;

    /// <summary>What new members see: <c>Joined</c> (default) or <c>All</c>.</summary>
    public GroupHistory History { get; set; } = GroupHistory.Joined;

    /// <summary>How long a change of membership may be unfinished before the timer finishes it, in seconds. 1–3,600, default 60.</summary>
    [Range(1, 3_600)]
    public int RepairAfterSeconds { get; set; } = 60;

    internal TimeSpan RepairAfter => TimeSpan.FromSeconds(RepairAfterSeconds);
}
