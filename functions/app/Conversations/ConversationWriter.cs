using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Vox.ChatLogs;
using Vox.Diagnostics;
using Vox.Http;
using Vox.Messages;
using Vox.Storage;

namespace Vox.Conversations;

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
    private const int MaxBatchBytes = 3_000_000;

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
        (sent.Duplicate ? Telemetry.MessagesRepeated : Telemetry.MessagesSent).Add(1);
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

    /// <summary>A send that waits for its transaction.</summary>
    public sealed class Append(ConversationTarget target, MessageDraft draft)
    {
        public ConversationTarget Target { get; } = target;

        public MessageDraft Draft { get; } = draft;

        /// <summary>The sender's span, to which the commit of the whole batch is linked.</summary>
        public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

        public TaskCompletionSource<SentMessage> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Succeed(long sequence, long sentAt, bool duplicate) =>
            Done.TrySetResult(new SentMessage(Target.Key.Id, Draft.Id, sequence, sentAt, duplicate));
    }

    /// <summary>A conversation that this process writes to.</summary>
    public sealed class Lane
    {
        public Lane(ConversationKey key, ConversationCommit commit, int capacity)
        {
            Key = key;
            Batcher = new Batcher<Append>(
                capacity, key.IsGroup ? ConversationStore.MaxGroupBatch : ConversationStore.MaxBatch, MaxBatchBytes, SizeOf,
                batch => RunAsync(commit, batch));
        }

        private async Task RunAsync(ConversationCommit commit, List<Append> batch)
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

        private static int SizeOf(Append append)
        {
            var draft = append.Draft;
            return 4_000 + JsonSize.Of(draft.Data) + JsonSize.Of(draft.Thumbnail) + JsonSize.Of(draft.From) + JsonSize.Of(draft.To)
                + JsonSize.Of(draft.ContentType);
        }

        public ConversationKey Key { get; }

        public Batcher<Append> Batcher { get; }

        /// <summary>Who may write: one batch of messages, or one change of the group, first come, first served.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>As this process last wrote or read it; null: not known.</summary>
        public ConversationHead? Head { get; set; }

        /// <summary>The uids of senders who were found to be members of the group, as it is at <see cref="SendersAt"/>.</summary>
        public HashSet<string> Senders { get; } = new(StringComparer.Ordinal);

        /// <summary>The group's name as this process last saw it.</summary>
        public string GroupName { get; set; } = "";

        /// <summary>The version of the group for which <see cref="Senders"/> holds.</summary>
        public long SendersAt { get; set; }

        /// <summary>The log's note that this process writes to the conversation, see <see cref="ChatLogWriter.MarkAsync"/>.</summary>
        public ChatLogWriter.LogMark? LogMark { get; set; }
    }
}
