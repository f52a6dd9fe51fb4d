using Microsoft.Extensions.Logging;
using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Platform.Timers;

namespace Vox.Chat.Protection;

/// <summary>
/// Carries out erasures, step by step. Each step can be repeated and is stored on condition that nobody else was faster, so a killed
/// process or a second one does no harm. First what is known goes. What a process that still remembered the user wrote late is gone after
/// the second step, which searches the whole project.
/// </summary>
public sealed partial class ErasureWork(
    ErasureStore store, UserErasure users, ConversationErasure conversations, RetentionWork retention, ProjectStore projects,
    HoldStore holds, IEnumerable<IErasureStep> steps, TimerRuns timers, TimeProvider time, ILogger<ErasureWork> logger)
{
    /// <summary>Longer than a process remembers a session (five minutes at most) and than any request takes after that.</summary>
    public static readonly TimeSpan UntilSweep = TimeSpan.FromMinutes(11);

    private static readonly TimeSpan UntilNextTry = TimeSpan.FromDays(1);
    private static readonly TimeSpan UntilForgotten = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromMinutes(2);

    /// <summary>One run of the timer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("EraseDueData", cancellationToken);
        await run.EachAsync(
            store.DueAsync(time.GetUtcNow(), cancellationToken),
            due => $"{due.ProjectId}|{due.Id}",
            (due, token) => RunAsync(due.ProjectId, due.Id, due.Row, token));
    }

    /// <summary>The next step of one erasure.</summary>
    public async Task RunAsync(string projectId, string id, string dueRow, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(projectId, id, cancellationToken) is not { } erasure || erasure.State == ErasureState.Done
            || ErasureStore.Due(erasure) != dueRow)
        {
            // The note of a step that is over, or of a request or a step that is just being stored: notes come first.
            await store.EndOldDueAsync(dueRow, time.GetUtcNow() - UntilForgotten, cancellationToken);
            return;
        }

        if (erasure.Kind is ErasureKind.User or ErasureKind.Conversation)
        {
            foreach (var step in steps)
            {
                await step.ErasingAsync(projectId, cancellationToken);
            }
        }

        var after = erasure.Kind switch
        {
            ErasureKind.User => await UserAsync(erasure, cancellationToken),
            ErasureKind.Conversation => await ConversationAsync(erasure, cancellationToken),
            ErasureKind.Retention => await RetentionAsync(erasure, cancellationToken),
            _ => await ProjectAsync(erasure, cancellationToken),
        };
        if (after is null)
        {
            return;
        }

        if (await store.TrySaveAsync(erasure, after, cancellationToken) is not { } saved)
        {
            await AddFilesAsync(erasure, after.Counts.Files - erasure.Counts.Files, cancellationToken);
        }
        else if (saved.State == ErasureState.Done)
        {
            Completed(saved.Kind, saved.Id, saved.Counts.Messages);
        }
    }

    /// <summary>
    /// Another process was faster with the step, but these files were removed by this one: each is counted by whoever removed it.
    /// </summary>
    private async Task AddFilesAsync(Erasure step, long removed, CancellationToken cancellationToken)
    {
        while (removed > 0 && await store.FindAsync(step.ProjectId, step.Id, cancellationToken) is { } now)
        {
            var counted = now with { Counts = now.Counts with { Files = now.Counts.Files + removed } };
            if (await store.TrySaveAsync(now, counted, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private async Task<Erasure?> UserAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if ((await holds.ReadAsync(erasure.ProjectId, cancellationToken)).HasUser(erasure.Uid))
        {
            return Held(erasure);
        }

        if (erasure.Uid.Length == 0)
        {
            // Users who were deleted before. Each gets an erasure of their own.
            await users.SplitAsync(erasure, time.GetUtcNow(), cancellationToken);
            return Done(erasure);
        }

        if (erasure.State != ErasureState.Sweeping)
        {
            var known = await users.EraseKnownAsync(erasure, cancellationToken);
            return known with { State = ErasureState.Sweeping, DueAt = time.GetUtcNow() + UntilSweep, Cursor = "" };
        }

        var search = await users.SearchAsync(erasure, cancellationToken);
        return search.IsOver
            ? search.IsHeld ? Held(search.Erasure with { Cursor = "" }) : Done(search.Erasure)
            : search.Erasure with { DueAt = time.GetUtcNow() };
    }

    private async Task<Erasure?> ConversationAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if (await conversations.IsHeldAsync(erasure, cancellationToken))
        {
            return Held(erasure);
        }

        var erased = await conversations.EraseAsync(erasure, cancellationToken);
        return erasure.State == ErasureState.Running
            ? erased with { State = ErasureState.Sweeping, DueAt = time.GetUtcNow() + UntilSweep }
            : Done(erased);
    }

    private async Task<Erasure?> RetentionAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (run, isOver) = await retention.RunAsync(erasure, cancellationToken);
        return isOver ? Done(run) : run with { DueAt = time.GetUtcNow() };
    }

    private async Task<Erasure?> ProjectAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if (await projects.FindAsync(erasure.ProjectId, cancellationToken) is { } project)
        {
            // Not marked: the request got no further and did not report success.
            return project.DeletedAt is null
                ? null
                : erasure with { State = ErasureState.Sweeping, DueAt = time.GetUtcNow() + UntilNextLook };
        }

        foreach (var step in steps)
        {
            await step.EraseProjectAsync(erasure.ProjectId, cancellationToken);
        }

        return Done(erasure);
    }

    /// <summary>Tried again each day, and at once when a hold is lifted.</summary>
    private Erasure Held(Erasure erasure) =>
        erasure with { State = ErasureState.Held, DueAt = time.GetUtcNow() + UntilNextTry };

    private Erasure Done(Erasure erasure) => erasure with
    {
        State = ErasureState.Done,
        DoneAt = time.GetUtcNow(),
        Subject = erasure.Kind == ErasureKind.User ? "" : erasure.Subject,
        Cursor = "",
    };

    [LoggerMessage(7100, LogLevel.Information, "Erased a {Kind}: {Erasure}, {Messages} messages")]
    private partial void Completed(ErasureKind kind, string erasure, long messages);
}
