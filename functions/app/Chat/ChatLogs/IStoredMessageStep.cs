namespace Vox.Chat.ChatLogs;

/// <summary>
/// What a feature does with every message that is stored, at least once for each: after the answer, and after a process has ended that
/// stored messages and had not come so far. What was not done because of a failure is done again.
/// </summary>
public interface IStoredMessageStep
{
    /// <summary>Whether there is anything to do in the project, for messages that an ended process has left behind.</summary>
    ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken);

    /// <param name="entries">Messages of one project.</param>
    Task StoredAsync(IReadOnlyList<PendingEntry> entries, CancellationToken cancellationToken);
}
