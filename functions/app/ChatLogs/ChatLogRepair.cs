using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Conversations;

namespace Vox.ChatLogs;

/// <summary>Logs what processes have stored and not logged before they ended. Safe to run anywhere, at any time, several times at once.</summary>
public sealed partial class ChatLogRepair(
    ChatLogStore store, ChatLogMarks marks, ChatLogWriter writer, ConversationStore conversations, IOptions<ChatLogOptions> options,
    TimeProvider time, ILogger<ChatLogRepair> logger)
{
    /// <summary>By the wall clock only after so long: clocks of two machines may differ.</summary>
    private static readonly TimeSpan LongDead = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, (DateTimeOffset SeenAt, long ObservedAt)> observed = new(StringComparer.Ordinal);
    private Task? first;

    /// <summary>Completes when this process has looked once. For readers: what a crash left behind shows after the restart at once.</summary>
    public Task FirstPassAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (first is null or { IsFaulted: true })
            {
                first = RunAsync(CancellationToken.None);
            }
        }

        return first.WaitAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var dead in await marks.ListWritersAsync(cancellationToken))
        {
            if (!writer.IsMine(dead.Id) && (ChatLogMarks.HasEnded(dead) || IsSilent(dead)))
            {
                await CompleteAsync(dead, cancellationToken);
                observed.TryRemove(dead.Id, out _);
            }
        }
    }

    /// <summary>Whether a writer has not moved for long, by our own watch.</summary>
    private bool IsSilent(LogWriterRow other)
    {
        var seen = observed.AddOrUpdate(
            other.Id,
            _ => (other.SeenAt, time.GetTimestamp()),
            (_, before) => before.SeenAt == other.SeenAt ? before : (other.SeenAt, time.GetTimestamp()));
        return time.GetElapsedTime(seen.ObservedAt) > TimeSpan.FromSeconds(options.Value.SilenceSeconds)
            || time.GetUtcNow() - other.SeenAt > LongDead;
    }

    private async Task CompleteAsync(LogWriterRow dead, CancellationToken cancellationToken)
    {
        var found = 0;
        var marked = await marks.ListMarksAsync(dead.Id, cancellationToken);
        foreach (var project in marked.GroupBy(mark => mark.ProjectId, StringComparer.Ordinal))
        {
            // In this order: what anybody logs after the end was read is met again when it comes to writing.
            var end = await writer.KnownEndAsync(project.Key, cancellationToken);
            var logged = await store.ReadSinceAsync(project.Key, dead.LoggedThrough, cancellationToken);
            foreach (var conversation in project)
            {
                var messages = await conversations.ReadSinceAsync(conversation, dead.LoggedThrough, cancellationToken);
                foreach (var message in Enumerable.Reverse(messages))
                {
                    if (!logged.Contains((conversation.Id, message.Sequence)))
                    {
                        found++;
                        writer.Add(new PendingEntry(conversation, message, end, DateTimeOffset.MinValue));
                    }
                }
            }

            await writer.DrainAsync(project.Key).WaitAsync(cancellationToken);
        }

        await marks.RemoveAsync(dead.Id, cancellationToken);
        Completed(dead.Id, found);
    }

    [LoggerMessage(2120, LogLevel.Information, "Completed the log of writer {Writer}: {Count} messages")]
    private partial void Completed(string writer, int count);
}
