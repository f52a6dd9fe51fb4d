using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Platform.Timers;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Deletes from the logs what is older than each project's setting allows. Conversations keep their messages. While a project has a legal
/// hold, nothing is deleted from its log.
/// </summary>
public sealed class ChatLogRetention(
    ProjectStore projects, ChatLogStore store, HoldStore holds, TimerRuns timers, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ApplyLogRetention", cancellationToken);
        await run.EachFromAsync(
            after => projects.EnumerateRetainedAsync(after, cancellationToken),
            project => project.Id,
            async (project, token) =>
            {
                if (project.DeletedAt is null && (await holds.ReadAsync(project.Id, token)).IsEmpty)
                {
                    await store.DeleteBeforeAsync(
                        project.Id, time.GetUtcNow().AddDays(-project.RetentionDays ?? 0).ToUnixTimeMilliseconds(), token);
                }
            });
    }
}
