using Vox.Chat.Projects;

namespace Vox.Chat.Protection;

/// <summary>What a feature that stores more than the chat does has to erase. Runs more than once for the same erasure.</summary>
public interface IErasureStep
{
    /// <summary>Before texts of a user or a conversation are erased: copies of them go.</summary>
    Task ErasingAsync(string projectId, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="loginId">The login id that the user had.</param>
    /// <param name="pseudonym">What takes its place.</param>
    Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken);

    /// <summary>After everything else of the project is gone.</summary>
    Task EraseProjectAsync(string projectId, CancellationToken cancellationToken);
}

/// <summary>What a feature that keeps something about messages removes when the project keeps messages for some days only.</summary>
public interface IMessageRetentionStep
{
    /// <param name="before">Messages from before this are erased.</param>
    Task RemoveOlderAsync(Project project, DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Records who did what to the data of a project.</summary>
public interface IDataRecordStep
{
    /// <param name="action">A stable name: <c>data.hold_set</c>.</param>
    /// <param name="detail">For people to read. It stays when a user is erased, so it must not name one.</param>
    Task RecordAsync(string projectId, DataActor actor, string action, string detail, CancellationToken cancellationToken);
}
