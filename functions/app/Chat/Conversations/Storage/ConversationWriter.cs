using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Where a message goes, and what is needed when the conversation has not begun.</summary>
/// <param name="Log">Whether its messages go into the project-wide log.</param>
/// <param name="Tip">The head that the sender brought along, see <see cref="ConversationTips.Read"/>.</param>
/// <param name="TipKnowsSender">In a group: whoever may write to the group as the tip has it, the sender is one of them.</param>
public sealed record ConversationTarget(ConversationKey Key, IReadOnlyList<Member> Members, bool Log, ConversationHead? Tip = null,
    bool TipKnowsSender = false)
{
    /// <summary>In a group: the least role that may mention everybody.</summary>
    public GroupRole MentionsAllFrom { get; init; } = GroupRole.Admin;

    /// <summary>In a group: members also see what was sent before they joined.</summary>
    public bool SeesAll { get; init; }

    /// <summary>Whether features wait for its messages, see <see cref="IStoredMessageStep"/>. Only where they are logged.</summary>
    public bool Tells { get; init; }
}

/// <summary>
/// Appends messages to conversations. One transaction takes all messages that gathered while the previous one was written. The head's ETag
/// protects against other processes. In steady state a send is one storage request.
/// </summary>
public sealed class ConversationWriter(
    ConversationCommit commit, ChatLogWriter log, IOptions<ConversationOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<ConversationKey, Lane> lanes = new();

    /// <summary>Completes when the transaction has committed.</summary>
    /// <exception cref="VoxException">
    /// recipient_not_found when the conversation is closed, blocked, group_not_found, not_a_member, busy
    /// </exception>
    public async Task<SentMessage> AppendAsync(ConversationTarget target, MessageDraft draft, CancellationToken cancellationToken)
    {
        if (target.Log && log.IsCongested(target.Key.ProjectId))
        {
            throw new VoxException(Errors.Busy, "The chat log cannot keep up: try again shortly.");
        }

        var append = new Append(target, draft);
        while (!LaneOf(target.Key).Batcher.TryAdd(append, out var closed))
        {
            if (!closed)
            {
                throw new VoxException(Errors.Busy, "Too many messages are waiting in this conversation: try again shortly.");
            }
        }

        // The transaction goes on when the caller gives up. The message may be stored; a send with the same id then returns its result.
        var sent = await append.Done.Task.WaitAsync(cancellationToken);
        (sent.Duplicate ? Instruments.MessagesRepeated : Instruments.MessagesSent).Add(1);
        return sent;
    }

    /// <summary>
    /// Runs a change of a group. Meanwhile this process writes no messages to the group. Without a turn of its own, the change would lose
    /// the race for the head's ETag against senders who never pause.
    /// </summary>
    /// <exception cref="VoxException">busy</exception>
    public async Task<T> AloneAsync<T>(ConversationKey key, TimeSpan patience, Func<Task<T>> act)
    {
        var lane = LaneOf(key);
        if (!await lane.Turn.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero))
        {
            throw new VoxException(Errors.Busy, "Too many messages are waiting in this conversation: try again shortly.");
        }

        try
        {
            return await act();
        }
        finally
        {
            lane.Head = null;
            lane.Turn.Release();
        }
    }

    private Lane LaneOf(ConversationKey key)
    {
        if (lanes.TryGetValue(key, out var lane))
        {
            return lane;
        }

        if (lanes.Count >= options.Value.MaxOpen)
        {
            ForgetIdle();
        }

        return lanes.GetOrAdd(key, k => new Lane(k, commit, options.Value.MaxWaiting, time));
    }

    private void ForgetIdle()
    {
        var spare = lanes.Count / 5;
        foreach (var (key, lane) in lanes)
        {
            if (spare-- <= 0)
            {
                break;
            }

            if (lane.Batcher.TryClose())
            {
                lanes.TryRemove(new(key, lane));
            }
        }
    }
}
