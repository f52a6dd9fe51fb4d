using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A conversation that this process writes to, with its queue and what is remembered of it.</summary>
public sealed class Lane
{
    public Lane(ConversationKey key, ConversationCommit commit, int capacity, TimeProvider time)
    {
        Key = key;
        Contention = new Contention(time, Random.Shared.NextDouble);
        Batcher = new Batcher<LaneItem>(
            capacity, key.IsGroup ? ConversationStore.MaxGroupBatch : ConversationStore.MaxBatch, LaneItem.MaxBytes,
            static item => item.Weight, batch => RunAsync(commit, batch), () => Contention.Rest);
    }

    /// <summary>
    /// A sender may know of messages that another process has stored. Their tip serves the first attempt only: if it fails, the head is
    /// read.
    /// </summary>
    /// <returns>False when nobody has a tip that is at least as new as what this process remembers.</returns>
    public bool TakeTip(IEnumerable<ConversationHead?> brought)
    {
        var newest = brought.OfType<ConversationHead>().MaxBy(static tip => tip.Progress);
        if (newest is null || newest.Progress < (Head?.Progress ?? 0))
        {
            return false;
        }

        if (newest.Progress > (Head?.Progress ?? 0))
        {
            Head = newest;
        }

        return true;
    }

    private async Task RunAsync(ConversationCommit commit, List<LaneItem> batch)
    {
        await Turn.WaitAsync();
        try
        {
            await commit.RunAsync(this, batch);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>
    /// Takes note of the group as its head has it now. A known member stays one as long as the group has the same version.
    /// </summary>
    public void See(GroupInfo group)
    {
        GroupName = group.Name;
        if (MembersAt != group.Version)
        {
            Senders.Clear();
            Members.Clear();
            MembersAt = group.Version;
        }
    }

    public ConversationKey Key { get; }

    public Batcher<LaneItem> Batcher { get; }

    public Contention Contention { get; }

    /// <summary>Only one may write at a time: a batch of messages or a change of the group, first come, first served.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The head as this process last wrote or read it. Null when not known.</summary>
    public ConversationHead? Head { get; set; }

    /// <summary>Another process has written to the conversation after this one, and may again: the memory is probably old.</summary>
    public bool IsShared { get; set; }

    /// <summary>Uids of senders who were found to be members of the group at version <see cref="MembersAt"/>.</summary>
    public HashSet<string> Senders { get; } = new(StringComparer.Ordinal);

    /// <summary>Members of the group at that version who changed something, by uid. Not those in an audience.</summary>
    public Dictionary<string, GroupMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>The group's name as this process last saw it.</summary>
    public string GroupName { get; set; } = "";

    /// <summary>The version of the group for which <see cref="Senders"/> and <see cref="Members"/> are valid.</summary>
    public long MembersAt { get; private set; }

    /// <summary>The log's note that this process writes to the conversation, see <see cref="ChatLogWriter.MarkAsync"/>.</summary>
    public LogMark? LogMark { get; set; }
}
