using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>The bytes of a shard or of a user in it.</summary>
/// <param name="Version">Null when there is no row yet.</param>
public sealed record FileMeterFigure(long Bytes, RowVersion? Version);

/// <summary>A user's bytes in a shard.</summary>
public sealed record FileMeterUser(string Uid, FileMeterFigure Figure);

/// <summary>The row of a file that has been counted.</summary>
public sealed record CountedFile(string Uid, long Bytes, RowVersion Version);

/// <summary>How a transaction ended.</summary>
/// <param name="Versions">The new versions of the total and of the users. Null if it has changed nothing.</param>
/// <param name="Unexpected">The file whose own rows were not as expected. Null if it was the total or a user.</param>
/// <param name="IsUpload">It was the row of the open upload.</param>
public sealed record FileMeterOutcome(IReadOnlyList<RowVersion>? Versions, FileMeterChange? Unexpected, bool IsUpload);

/// <summary>A file that is to be counted, or not to be counted any more.</summary>
/// <param name="bytes">Null to count it no more.</param>
/// <param name="counted">The row that says it is counted, as read; null for a file to be counted.</param>
public sealed class FileMeterChange(string uid, string fileId, long? bytes, CountedFile? counted)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Uid => uid;

    public string FileId => fileId;

    public bool Adds => bytes is not null;

    /// <summary>By how much it changes the figures.</summary>
    public long Difference => bytes ?? -(Counted?.Bytes ?? 0);

    public CountedFile? Counted { get; set; } = counted;

    /// <summary>Whether there may be a row for the open upload, which ends with it.</summary>
    public bool EndsUpload { get; set; } = bytes is not null;

    public bool IsDone => done.Task.IsCompleted;

    public Task Done => done.Task;

    public void Succeed() => done.TrySetResult();

    public void Fail(Exception why) => done.TrySetException(why);
}
