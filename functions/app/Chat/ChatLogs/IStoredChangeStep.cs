namespace Vox.Chat.ChatLogs;

/// <summary>
/// What a feature does with every change of a message that is stored: an edit, a deletion, a reaction, a pin. At least once for each, as
/// with <see cref="IStoredMessageStep"/>.
/// </summary>
public interface IStoredChangeStep
{
    /// <summary>Whether there is anything to do in the project, for changes that an ended process has left behind.</summary>
    ValueTask<bool> WantsChangesAsync(string projectId, CancellationToken cancellationToken);

    /// <param name="changes">Changes of one project.</param>
    Task ChangedAsync(IReadOnlyList<PendingChange> changes, CancellationToken cancellationToken);
}
