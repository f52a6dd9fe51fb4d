using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Where a message goes, and what to do when the conversation has not begun.</summary>
/// <param name="Log">Whether its messages go into the project-wide log.</param>
public sealed record ConversationTarget(ConversationKey Key, IReadOnlyList<Member> Members, bool Log);

/// <summary>
/// Appends messages to conversations: one transaction for everything that gathered while the one before was written, the head's
/// ETag against other processes. In steady state a send is one storage request.
/// </summary>
public sealed class ConversationWriter(
    ConversationCommit commit, ChatLogWriter log, IOptions<ConversationOptions> options)
{
    private readonly ConcurrentDictionary<ConversationKey, Lane> lanes = new();

    /// <summary>Completes when the transaction has committed.</summary>
    /// <exception cref="VoxException">recipient_not_found when the conversation is closed, busy</exception>
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

        // The transaction goes on when the caller gives up: the message may be stored, and the same id finds it.
        var sent = await append.Done.Task.WaitAsync(cancellationToken);
        (sent.Duplicate ? Instruments.MessagesRepeated : Instruments.MessagesSent).Add(1);
        return sent;
    }

    /// <summary>
    /// For a change of a group: while it lasts, this process writes no messages to it. Without a turn of its own it would lose the race for
    /// the head's ETag against senders who never pause.
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

        return lanes.GetOrAdd(key, k => new Lane(k, commit, options.Value.MaxWaiting));
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
