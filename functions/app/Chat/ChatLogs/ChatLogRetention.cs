using Vox.Chat.Projects;
using Vox.Platform.Timers;

namespace Vox.Chat.ChatLogs;

/// <summary>Deletes from the logs what is older than each project's setting allows. Conversations keep their messages.</summary>
public sealed class ChatLogRetention(ProjectStore projects, ChatLogStore store, TimerRuns timers, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ApplyLogRetention", cancellationToken);
        await run.EachFromAsync(
            after => projects.EnumerateRetainedAsync(after, cancellationToken),
            project => project.Id,
            (project, token) => project.DeletedAt is null
                ? store.DeleteBeforeAsync(
                    project.Id, time.GetUtcNow().AddDays(-project.RetentionDays ?? 0).ToUnixTimeMilliseconds(), token)
                : Task.CompletedTask);
    }
}
