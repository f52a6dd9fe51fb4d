namespace Vox.Chat.ChatLogs;

/// <summary>Which rows of a log are asked for; null means any.</summary>
/// <param name="Start">Unix ms, inclusive.</param>
/// <param name="End">Unix ms, inclusive.</param>
/// <param name="Group">The group's name as it was when the message was sent.</param>
public sealed record ChatLogFilter(string? From = null, string? To = null, long? Start = null, long? End = null, string? Group = null)
{
    public bool ByUser => From is not null || To is not null || Group is not null;
}
