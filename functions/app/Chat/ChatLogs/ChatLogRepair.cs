using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Logs what processes had stored, but not logged, when they ended. It is safe to run anywhere, at any time, several times at once.
/// </summary>
public sealed partial class ChatLogRepair(
    ChatLogStore store, ChatLogMarkStore marks, ChatLogWriter writer, ILoggedConversations conversations,
    IChangedConversations changes, IOptions<ChatLogOptions> options,
    TimerRuns timers, TimeProvider time, ILogger<ChatLogRepair> logger)
{
    /// <summary>Only after so long does the wall clock alone decide that a writer is dead: the clocks of two machines may differ.</summary>
    private static readonly TimeSpan LongDead = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, (DateTimeOffset SeenAt, long ObservedAt)> observed = new(StringComparer.Ordinal);
    private Task? first;

    /// <summary>
    /// Completes when this process has looked once. Readers wait for it, so that what a crash left behind shows at once after the restart.
    /// </summary>
    public Task FirstPassAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (first is null or { IsFaulted: true })
            {
                first = TryAllAsync();
            }
        }

        return first.WaitAsync(cancellationToken);
    }

    /// <summary>Run by a timer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("RepairChatLog", cancellationToken);
        await run.EachAsync(
            await FindDeadAsync(cancellationToken), dead => dead.Writer.Id,
            (dead, token) => CompleteAsync(dead.Writer, dead.IsSilent, token));
    }

    /// <summary>All writers, also those that have failed lately: readers wait for it, and must find what was left behind.</summary>
    private async Task TryAllAsync() => await ManyRequests.EachAsync(
        await FindDeadAsync(CancellationToken.None), dead => CompleteAsync(dead.Writer, dead.IsSilent, CancellationToken.None));

    private async Task<List<(LogWriterRow Writer, bool IsSilent)>> FindDeadAsync(CancellationToken cancellationToken)
    {
        var writers = await marks.ListWritersAsync(cancellationToken);
        foreach (var gone in observed.Keys.Except(writers.Select(other => other.Id), StringComparer.Ordinal))
        {
            observed.TryRemove(gone, out _);
        }

        return
        [
            .. writers.Where(other => !writer.IsMine(other.Id)).Select(other => (other, IsSilent(other)))
                .Where(other => other.Item2 || ChatLogMarkStore.HasEnded(other.other)),
        ];
    }

    /// <summary>Whether a writer has said nothing for long, by the time that has elapsed in this process.</summary>
    private bool IsSilent(LogWriterRow other)
    {
        var seen = observed.AddOrUpdate(
            other.Id,
            _ => (other.SeenAt, time.GetTimestamp()),
            (_, before) => before.SeenAt == other.SeenAt ? before : (other.SeenAt, time.GetTimestamp()));
        return time.GetElapsedTime(seen.ObservedAt) > options.Value.Silence
            || time.GetUtcNow() - other.SeenAt > LongDead;
    }

    private async Task CompleteAsync(LogWriterRow dead, bool silent, CancellationToken cancellationToken)
    {
        var work = new UnloggedWork(time);
        var (found, fenced, followed) = (0, true, true);
        var marked = await marks.ListMarksAsync(dead.Id, cancellationToken);
        foreach (var project in marked.GroupBy(mark => mark.ProjectId, StringComparer.Ordinal))
        {
            // The end is read first: what anybody logs after that is found when the missing messages are written.
            var end = await writer.KnownEndAsync(project.Key, cancellationToken);
            var missing = new Dictionary<(string, long), PendingEntry>();
            var tells = await writer.TellsAsync(project.Key, cancellationToken);
            var untold = new List<PendingEntry>();
            foreach (var conversation in project)
            {
                fenced &= await conversations.FenceAsync(conversation, cancellationToken);
                foreach (var message in await conversations.ReadSinceAsync(conversation, dead.LoggedThrough, cancellationToken))
                {
                    var entry = new PendingEntry(conversation, message, end, work.Begin());
                    missing.Add(entry.Identity, entry);
                    if (tells && !message.IsErased)
                    {
                        untold.Add(entry);
                    }
                }
            }

            await foreach (var logged in store.ReadSinceAsync(project.Key, dead.LoggedThrough, cancellationToken))
            {
                if (missing.Remove(logged, out var entry))
                {
                    entry.Work.Done();
                }
            }

            found += missing.Count;
            foreach (var entry in missing.Values.OrderBy(entry => entry.Message.SentAt).ThenBy(entry => entry.Message.Sequence))
            {
                while (!writer.TryAdd(entry))
                {
                    await writer.DrainAsync(project.Key).WaitAsync(cancellationToken);
                }

                entry.Work.Done();
            }

            // Nobody knows which of them features have been told of: they are told of all, and may hear of some twice.
            foreach (var entry in untold)
            {
                while (!writer.TryTell(entry))
                {
                    await writer.DrainAsync(project.Key).WaitAsync(cancellationToken);
                }
            }

            await writer.DrainAsync(project.Key).WaitAsync(cancellationToken);
            var tellsChanges = await writer.TellsChangesAsync(project.Key, cancellationToken);
            foreach (var conversation in project)
            {
                var made = await changes.ReadSinceAsync(conversation, dead.LoggedThrough, cancellationToken);
                if (tellsChanges)
                {
                    await TellAsync(conversation, made, work, cancellationToken);
                }

                followed &= await changes.FollowAsync(conversation, made, cancellationToken);
            }

            await writer.DrainAsync(project.Key).WaitAsync(cancellationToken);
        }

        // This is not done if this process stops meanwhile. And where a conversation has no head yet, its first message may still be on the
        // way from a process that has just ended: then the next runs look again, until it must have arrived.
        if (work.IsNone && followed && (fenced || silent))
        {
            await marks.RemoveAsync(dead.Id, cancellationToken);
            Completed(dead.Id, found);
        }
    }

    /// <summary>As with messages, nobody knows which of them features have been told of.</summary>
    private async Task TellAsync(
        ConversationKey conversation, IReadOnlyList<MessageChange> made, UnloggedWork work, CancellationToken cancellationToken)
    {
        foreach (var change in made.Reverse())
        {
            var pending = new PendingChange(conversation, change, work.Begin());
            while (!writer.TryTell(pending))
            {
                await writer.DrainAsync(conversation.ProjectId).WaitAsync(cancellationToken);
            }

            pending.Work.Done();
        }
    }

    [LoggerMessage(2120, LogLevel.Information, "Completed the log of writer {Writer}: {Count} messages")]
    private partial void Completed(string writer, int count);
}
