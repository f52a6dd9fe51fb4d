using Vox.Chat.Projects;

namespace Vox.Chat.ChatLogs;

/// <summary>Deletes from the logs what is older than each project's setting allows. Conversations keep their messages.</summary>
public sealed class ChatLogRetention(ProjectStore projects, ChatLogStore store, TimeProvider time)
{
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
