using Vox.Chat.Conversations.Storage;
using Vox.Chat.Files;
using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Platform.Timers;

namespace Vox.Chat.Protection;

/// <summary>
/// Erases messages and files that are older than a project's settings allow. A run is an erasure of its own kind, so it is resumed, counted
/// and kept from being done twice like any other. It looks through the project's rows: the storage skips what is young or empty.
/// </summary>
public sealed class RetentionWork(
    ProjectStore projects, ErasureStore store, ConversationScanStore scan, ConversationErasure conversations,
    ConversationHolds conversationHolds, HoldStore holds, FileStore files, FileRemoval removal,
    IEnumerable<IMessageRetentionStep> steps, TimerRuns timers, TimeProvider time)
{
    private const string InFiles = "files ";
    private const int Page = 200;

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(3);

    /// <summary>Every night: begins a run for each project that wants it, unless the last one is still under way.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ApplyDataRetention", cancellationToken);
        await run.EachFromAsync(
            after => projects.ListAsync(after, 1_000, cancellationToken),
            project => project.Id,
            (project, token) => project is { MessageDays: not null } or { FileDays: not null }
                ? BeginAsync(project.Id, token)
                : Task.CompletedTask);
    }

    /// <summary>Goes on for some minutes.</summary>
    /// <returns>The run, and whether everything was looked through.</returns>
    public async Task<(Erasure Erasure, bool IsOver)> RunAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (await projects.FindAsync(erasure.ProjectId, cancellationToken) is not { DeletedAt: null } project)
        {
            return (erasure, true);
        }

        var cursor = erasure.Cursor;
        if (!cursor.StartsWith(InFiles, StringComparison.Ordinal))
        {
            if (project.MessageDays is { } days)
            {
                var before = time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
                while (await scan.OlderAsync(project.Id, before, cursor, Page, cancellationToken) is { Count: > 0 } page)
                {
                    foreach (var (key, sequence) in page)
                    {
                        erasure = await EraseAsync(erasure with { Subject = key.Id, LastSequence = sequence }, cancellationToken);
                        cursor = key.Id;
                        if (time.GetElapsedTime(began) > Slice)
                        {
                            return (erasure with { Cursor = cursor }, false);
                        }
                    }
                }

                foreach (var step in steps)
                {
                    await step.RemoveOlderAsync(project, DateTimeOffset.FromUnixTimeMilliseconds(before), cancellationToken);
                }
            }

            cursor = InFiles;
        }

        if (project.FileDays is { } fileDays)
        {
            var before = time.GetUtcNow().AddDays(-fileDays);
            var after = cursor[InFiles.Length..];
            while (await files.OlderAsync(project.Id, before, after, Page, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var file in page)
                {
                    after = file.Id;
                    if (await IsFreeAsync(file, cancellationToken)
                        && await removal.RemoveFileAsync(project.Id, file.OwnerUid, file.Id, cancellationToken))
                    {
                        erasure = erasure with { Counts = erasure.Counts with { Files = erasure.Counts.Files + 1 } };
                    }
                }

                if (time.GetElapsedTime(began) > Slice)
                {
                    return (erasure with { Cursor = InFiles + after }, false);
                }
            }
        }

        return (erasure with { Cursor = "" }, true);
    }

    private async Task BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var run = new Erasure(
            projectId, Erasure.RetentionId, ErasureKind.Retention, "", "", "", 0, ErasureState.Running, now, "retention", now, null,
            new ErasureCounts(), "", default);
        if (await store.FindAsync(projectId, run.Id, cancellationToken) is not { } last)
        {
            await store.AddAsync(run, cancellationToken);
        }
        else if (last.State == ErasureState.Done)
        {
            await store.TrySaveAsync(last, run, cancellationToken);
        }
    }

    private async Task<Erasure> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if (await conversations.IsHeldAsync(erasure, cancellationToken))
        {
            return erasure;
        }

        var before = erasure.Counts;
        var erased = await conversations.EraseTextsAsync(erasure, cancellationToken);
        return erasure with
        {
            Counts = before with
            {
                Conversations = before.Conversations + 1,
                Messages = before.Messages + erased.Messages,
                Files = before.Files + erased.Files,
            },
        };
    }

    /// <summary>Pictures of users and groups stay as long as they are.</summary>
    private async Task<bool> IsFreeAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var held = await holds.ReadAsync(file.ProjectId, cancellationToken);
        if (file.Kind == FileKind.Photo || held.HasUser(file.OwnerUid))
        {
            return false;
        }

        var forwards = await files.ForwardsAsync(file, cancellationToken);
        if (forwards.Any(forward => forward.ConversationId == FileForward.Everybody))
        {
            return false;
        }

        foreach (var id in forwards.Select(forward => forward.ConversationId).Append(file.ConversationId).Where(id => id.Length > 0))
        {
            if (await conversationHolds.IsHeldAsync(held, new(file.ProjectId, id), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
