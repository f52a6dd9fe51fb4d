using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Search;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>
/// Restores an empty account from the backup, renews conversations after a failover, and makes logs anew. All of it is work for a timer
/// that notes how far it is, goes on after a crash, and needs little memory. Meanwhile the app serves nobody.
/// </summary>
public sealed partial class BackupRestore(
    BackupStore store, RestoreStore rows, BackupBlobs blobs, ConversationCheckStore conversations, ChatLogRebuild logs,
    ProjectStore projects, ErasureService erasures, SearchBuilds searches, StorageClients storage, WorkLeases leases,
    IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupRestore> logger)
{
    /// <summary>A run ends after this time, before the timer comes again.</summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromMinutes(4);

    /// <summary>After so many the progress is noted.</summary>
    private const int SegmentsPerStep = 10;

    private const string Name = "restore";

    /// <summary>Begins a restore of everything.</summary>
    /// <param name="until">Null for the newest state that the backup has.</param>
    /// <exception cref="VoxException">not_restoring, not_empty, no_backup</exception>
    internal async Task<RestoreState> BeginAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        CheckMode();
        if (!options.Value.IsOn)
        {
            throw new VoxException(Errors.NoBackup, "Backup__Account does not name the account with the backup.");
        }

        if (await rows.FindRowAsync(cancellationToken) is { } table)
        {
            throw new VoxException(Errors.NotEmpty, $"Table {table} has rows. A restore needs an account without data.");
        }

        var end = (until ?? time.GetUtcNow()).ToUnixTimeMilliseconds();
        var pass = await blobs.FindPassAsync(end, cancellationToken)
            ?? throw new VoxException(Errors.NoBackup, "At that time no pass over all rows was complete.", "until");
        return await BeginAsync(
            new RestoreState(
                storage.Accounts.Count > 1 ? RestoreStep.Projects : RestoreStep.Rows, time.GetUtcNow(), Until: end,
                PassBegan: pass.Began, Epoch: time.GetUtcNow().ToUnixTimeSeconds()),
            cancellationToken);
    }

    /// <summary>The same without rows from a backup: the account is a copy that may lack the last minutes.</summary>
    /// <exception cref="VoxException">not_restoring, edit_conflict</exception>
    internal Task<RestoreState> BeginFailoverAsync(CancellationToken cancellationToken)
    {
        CheckMode();
        return BeginAsync(
            new RestoreState(RestoreStep.DeleteLog, time.GetUtcNow(), Epoch: time.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);
    }

    /// <summary>Begins to make the log of one project anew.</summary>
    /// <exception cref="VoxException">not_restoring, project_not_found, edit_conflict</exception>
    internal async Task<RestoreState> BeginLogAsync(string projectId, CancellationToken cancellationToken)
    {
        CheckMode();
        _ = await projects.FindAsync(projectId, cancellationToken)
            ?? throw new VoxException(Errors.ProjectNotFound, "There is no such project.", "projectId");
        return await BeginAsync(new RestoreState(RestoreStep.DeleteLog, time.GetUtcNow(), projectId), cancellationToken);
    }

    internal async Task<RestoreState?> StateAsync(CancellationToken cancellationToken) =>
        (await store.FindStateAsync(Name, BackupStateJson.Default.RestoreState, cancellationToken)).State;

    /// <summary>Goes on with what is under way.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Restoring)
        {
            return;
        }

        await using var lease = await leases.TryTakeAsync(Name, cancellationToken);
        var (state, version) = await store.FindStateAsync(Name, BackupStateJson.Default.RestoreState, cancellationToken);
        if (lease is null || state is null)
        {
            return;
        }

        var began = time.GetTimestamp();
        var seen = new Dictionary<string, Project?>(StringComparer.Ordinal);
        bool GoesOn() => time.GetElapsedTime(began) < RunTime;
        while (state.Step != RestoreStep.Done && GoesOn() && await lease.TryRenewAsync(cancellationToken))
        {
            try
            {
                state = await StepAsync(state, seen, lease, GoesOn, cancellationToken) with { Problem = null };
            }
            catch (OperationCanceledException) when (lease.IsLost)
            {
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(e, state.Step, state.Segment);
                state = state with { Problem = e.Message };
                await store.TryWriteStateAsync(Name, state, BackupStateJson.Default.RestoreState, version, cancellationToken);
                throw;
            }

            version = await store.TryWriteStateAsync(Name, state, BackupStateJson.Default.RestoreState, version, cancellationToken);
            if (version is null)
            {
                return;
            }
        }
    }

    private Task<RestoreState> StepAsync(
        RestoreState state, Dictionary<string, Project?> seen, WorkLease lease, Func<bool> goesOn, CancellationToken cancellationToken) =>
        state.Step switch
        {
            RestoreStep.Projects => ApplyProjectsAsync(state, lease, cancellationToken),
            RestoreStep.Rows => ApplyAsync(state, lease, cancellationToken),
            RestoreStep.Erasures => ApplyErasuresAsync(state, lease, cancellationToken),
            RestoreStep.DeleteLog => DeleteLogsAsync(state, cancellationToken),
            RestoreStep.Check => CheckAsync(state, seen, cancellationToken),
            _ => WriteLogsAsync(state, goesOn, cancellationToken),
        };

    /// <summary>
    /// The projects of the next segments. While rows are restored no project may come or go: it decides in which account its rows are
    /// written and deleted. What a deleted project has left, such as figures for its last invoice, is in the first account, where it is
    /// looked for.
    /// </summary>
    private async Task<RestoreState> ApplyProjectsAsync(RestoreState state, WorkLease lease, CancellationToken cancellationToken)
    {
        (state, var isLast) = await ApplyNextAsync(
            state, state.PassBegan, state.Until, static table => table == "projects", lease, cancellationToken);
        return isLast ? state with { Step = RestoreStep.Rows, Segment = null, Segments = 0, Rows = 0, HasProjects = true } : state;
    }

    private async Task<RestoreState> ApplyAsync(RestoreState state, WorkLease lease, CancellationToken cancellationToken)
    {
        var hasProjects = state.HasProjects;
        (state, var isLast) = await ApplyNextAsync(
            state, state.PassBegan, state.Until, table => !hasProjects || table != "projects", lease, cancellationToken);
        return isLast ? state with { Step = RestoreStep.Erasures } : state;
    }

    /// <summary>
    /// What was erased, and what must not be, after the restored time, from the next segments. Erased data are erased again at the end.
    /// </summary>
    private async Task<RestoreState> ApplyErasuresAsync(RestoreState state, WorkLease lease, CancellationToken cancellationToken)
    {
        var (segments, rowsBefore, newest) = (state.Segments, state.Rows, time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        (state, var isLast) = await ApplyNextAsync(
            state, state.Until, newest, static table => table is BackupTables.Erasures or BackupTables.Holds, lease, cancellationToken);
        state = state with { Segments = segments, Rows = rowsBefore };
        return isLast ? state with { Step = RestoreStep.Check } : state;
    }

    /// <summary>The next segments, up to <see cref="SegmentsPerStep"/>.</summary>
    private async Task<(RestoreState State, bool IsLast)> ApplyNextAsync(
        RestoreState state, long from, long until, Func<string, bool> only, WorkLease lease, CancellationToken cancellationToken)
    {
        var applied = 0;
        await foreach (var segment in blobs.ListSegmentsAsync(from, until, state.Segment, cancellationToken))
        {
            var count = await rows.ApplyAsync(segment, only, () => lease.TryKeepAsync(cancellationToken), cancellationToken);
            state = state with { Segment = segment, Segments = state.Segments + 1, Rows = state.Rows + count };
            if (++applied == SegmentsPerStep)
            {
                return (state, false);
            }
        }

        return (state, true);
    }

    private async Task<RestoreState> DeleteLogsAsync(RestoreState state, CancellationToken cancellationToken)
    {
        if (state.Project is { } only)
        {
            await logs.DeleteAsync(only, cancellationToken);
            return state with { Step = RestoreStep.Check };
        }

        await foreach (var project in projects.EnumerateAsync(null, cancellationToken))
        {
            await logs.DeleteAsync(project.Id, cancellationToken);
        }

        return state with { Step = RestoreStep.Check };
    }

    private async Task<RestoreState> CheckAsync(
        RestoreState state, Dictionary<string, Project?> seen, CancellationToken cancellationToken)
    {
        var (next, found) = await conversations.CheckPageAsync(
            state.Check ?? new CheckPosition(), state.Project, state.Epoch, seen, cancellationToken);
        return next is null ? state with { Step = RestoreStep.Log, Check = found } : state with { Check = next };
    }

    /// <summary>The log of the next project.</summary>
    private async Task<RestoreState> WriteLogsAsync(RestoreState state, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        if (await NextProjectAsync(state, cancellationToken) is not { } project)
        {
            Finished(state.Rows, state.Check?.Conversations ?? 0, state.Check?.Messages ?? 0, state.Check?.Missing ?? 0);
            return state with { Step = RestoreStep.Done, FinishedAt = time.GetUtcNow() };
        }

        var (written, complete) = await logs.WriteAsync(project, goesOn, cancellationToken);
        state = state with { Logged = state.Logged + written };
        if (!complete)
        {
            return state;
        }

        // After the log, which has again what was erased. The erasures are done by their timer, once the app serves again.
        var again = state.Project is null ? await erasures.ReapplyAsync(project, cancellationToken) : 0;
        if (state.Project is null)
        {
            await searches.BeginAgainAsync(project, cancellationToken);
        }

        return state with { LoggedProject = project, Erasures = state.Erasures + again };
    }

    private async Task<string?> NextProjectAsync(RestoreState state, CancellationToken cancellationToken)
    {
        if (state.Project is { } only)
        {
            return state.LoggedProject is null ? only : null;
        }

        await foreach (var project in projects.EnumerateAsync(state.LoggedProject, cancellationToken))
        {
            return project.Id;
        }

        return null;
    }

    private async Task<RestoreState> BeginAsync(RestoreState begun, CancellationToken cancellationToken)
    {
        var (state, version) = await store.FindStateAsync(Name, BackupStateJson.Default.RestoreState, cancellationToken);
        if (state is { Step: not RestoreStep.Done }
            || await store.TryWriteStateAsync(Name, begun, BackupStateJson.Default.RestoreState, version, cancellationToken) is null)
        {
            throw new VoxException(Errors.EditConflict, "A restore is under way already.");
        }

        return begun;
    }

    private void CheckMode()
    {
        if (!options.Value.Restoring)
        {
            throw new VoxException(Errors.NotRestoring, "The app is not in restore mode: set Backup__Restoring to true first.");
        }
    }

    [LoggerMessage(9310, LogLevel.Error, "The restore failed at step {Step} after segment {Segment}: the next run goes on there")]
    private partial void Failed(Exception exception, RestoreStep step, string? segment);

    [LoggerMessage(
        9311, LogLevel.Information,
        "Restored {Rows} rows: {Conversations} conversations with {Messages} messages, {Missing} of them missing")]
    private partial void Finished(long rows, long conversations, long messages, long missing);
}
