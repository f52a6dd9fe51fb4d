using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Chat.Projects;
using Vox.Platform.Queues;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>Puts stored messages into the queue of push messages, behind the answer. Projects without devices put nothing there.</summary>
public sealed class PushEvents(ProjectService projects, QueueClients queues, IOptions<PushOptions> options, TimeProvider time)
    : IStoredMessageStep
{
    /// <summary>Nobody is told any more of what is older.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);

    private readonly MessageQueue queue = queues.Queue(PushOptions.QueueSetting, PushOptions.DefaultQueue);

    public async ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken) =>
        await projects.FindAsync(projectId, cancellationToken) is { HasDevices: true };

    public async Task StoredAsync(IReadOnlyList<PendingEntry> entries, CancellationToken cancellationToken)
    {
        if (await WantsAsync(entries[0].Conversation.ProjectId, cancellationToken))
        {
            await ManyRequests.EachAsync(
                entries.GroupBy(entry => entry.Conversation), conversation => EnqueueAsync(TaskOf([.. conversation]), Delay),
                cancellationToken);
        }
    }

    internal Task EnqueueAsync(PushTask task, TimeSpan delay) => queue.SendAsync(task.ToText(), delay, CancellationToken.None);

    /// <summary>Brings back what the trigger has given up because storage failed for long; not what is too old by now.</summary>
    internal Task<int> ReturnPoisonedAsync(CancellationToken cancellationToken)
    {
        var oldest = (time.GetUtcNow() - Lifetime).ToUnixTimeMilliseconds();
        return queue.ReturnPoisonedAsync(
            10_000, TimeSpan.FromMinutes(1), text => PushTask.Read(text) is { } task && task.At > oldest, cancellationToken);
    }

    private TimeSpan Delay => TimeSpan.FromSeconds(options.Value.DelaySeconds);

    private static PushTask TaskOf(List<PendingEntry> entries)
    {
        var newest = entries.Select(entry => entry.Message.Sequence).Distinct().Order().TakeLast(PushTask.MaxSequences).ToList();
        return new PushTask(
            entries[0].Conversation.ProjectId, entries[0].Conversation.Id, newest, entries.Max(entry => entry.Message.SentAt));
    }
}
