using Microsoft.Azure.Functions.Worker;
using Vox.Projects;

namespace Vox.ChatLogs;

/// <summary>Deletes from the logs what is older than each project's setting allows. Conversations keep their messages.</summary>
public sealed class ChatLogRetention(ProjectStore projects, ChatLogStore store, TimeProvider time)
{
    [Function("ApplyLogRetention")]
    public async Task ApplyLogRetention([TimerTrigger("0 40 2 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await RunAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var project in projects.EnumerateAsync(cancellationToken))
        {
            if (project is { DeletedAt: null, RetentionDays: { } days })
            {
                await store.DeleteBeforeAsync(project.Id, time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds(), cancellationToken);
            }
        }
    }
}
