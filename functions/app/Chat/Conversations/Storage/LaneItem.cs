using System.Diagnostics;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What waits in a conversation's lane for its transaction: a send or a change.</summary>
public abstract class LaneItem
{
    /// <summary>Rows of a transaction that items may write. The head is one more.</summary>
    public const int MaxRows = 99;

    /// <summary>The bytes of a transaction's items. Storage takes 4 MB as a whole.</summary>
    public const int MaxBytes = 3_000_000;

    /// <summary>The caller's span. The commit of the whole batch is linked to it.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Rows that this writes, at most.</summary>
    protected abstract int Rows { get; }

    /// <summary>Bytes that these rows take in a request, at most.</summary>
    protected abstract int Bytes { get; }

    /// <summary>What it takes of <see cref="MaxBytes"/>. So many rows count as so many bytes: both have a limit.</summary>
    public int Weight => Math.Max(Bytes, (int)((long)MaxBytes * Rows / MaxRows));

    public abstract void Fail(Exception reason);
}
