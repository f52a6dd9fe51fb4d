using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Timers;

namespace Vox.Chat.Search;

/// <summary>
/// Makes the index of projects that switch search on, and deletes it where they switch it off. Work for a timer that goes on where it
/// stopped; two processes at once do no harm.
/// </summary>
public sealed class SearchBuilds(
    SearchBuildStore store, SearchIndexStore index, SearchIndexer indexer, ConversationScanStore messages, ProjectService projects,
    IOptions<ProjectOptions> options, TimerRuns timers, TimeProvider time)
{
    private const int Page = 200;
    private const int MaxProjects = 100;

    /// <summary>A run ends after this time, before the timer comes again.</summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromMinutes(4);

    /// <summary>
    /// Follows the switch of a project. To be called after the project was stored: if this is cut off, the next change of the settings
    /// does it.
    /// </summary>
    public async Task FollowAsync(Project project, CancellationToken cancellationToken)
    {
        var build = await store.FindAsync(project.Id, cancellationToken);
        var isOn = build?.State is SearchBuildState.Building or SearchBuildState.Clearing or SearchBuildState.Ready;
        if (project.Searches && !isOn)
        {
            await BeginAsync(project.Id, cancellationToken);
        }
        else if (!project.Searches && isOn)
        {
            await store.BeginAsync(
                new SearchBuild(project.Id, SearchBuildState.Removing, "", 0, Settled, null), cancellationToken);
        }
    }

    /// <summary>Makes the index of a project anew, from the messages as they are.</summary>
    /// <exception cref="VoxException">search_off</exception>
    public async Task<SearchBuild> RebuildAsync(string projectId, CancellationToken cancellationToken)
    {
        if (await projects.FindNowAsync(projectId, cancellationToken) is not { Searches: true })
        {
            throw SearchService.Off();
        }

        return await BeginAsync(projectId, cancellationToken);
    }

    /// <summary>After a restore the index is made anew, where there is to be one.</summary>
    public async Task BeginAgainAsync(string projectId, CancellationToken cancellationToken)
    {
        if (await projects.FindNowAsync(projectId, cancellationToken) is { Searches: true })
        {
            await BeginAsync(projectId, cancellationToken);
        }
    }

    /// <summary>How far the index is; null for a project that never had one.</summary>
    public Task<SearchBuild?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        store.FindAsync(projectId, cancellationToken);

    /// <summary>Run by a timer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("BuildSearchIndexes", cancellationToken);
        var began = time.GetTimestamp();
        await run.EachAsync(
            await store.DueAsync(time.GetUtcNow(), MaxProjects, cancellationToken), build => build.ProjectId,
            (build, token) => GoOnAsync(build, began, token));
    }

    /// <summary>
    /// When all processes know of the switch, so that each message is either told of or found here: a process remembers a project for so
    /// long, and a send under way takes no longer than a minute.
    /// </summary>
    private DateTimeOffset Settled => time.GetUtcNow() + options.Value.Cache + TimeSpan.FromMinutes(1);

    private async Task<SearchBuild> BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        var build = new SearchBuild(projectId, SearchBuildState.Clearing, "", 0, Settled, null);
        await store.BeginAsync(build, cancellationToken);
        return build;
    }

    private async Task GoOnAsync(SearchBuild build, long began, CancellationToken cancellationToken)
    {
        if (await projects.FindNowAsync(build.ProjectId, cancellationToken) is not { } project)
        {
            await store.RemoveAsync(build.ProjectId, cancellationToken);
            return;
        }

        if (build.State is SearchBuildState.Removing)
        {
            if (!project.Searches)
            {
                await index.DeleteAllAsync(build.ProjectId, cancellationToken);

                // Somebody may have switched it on again meanwhile, and that is noted in the same row.
                await store.TryRemoveAsync(build, cancellationToken);
            }
            else
            {
                await FollowAsync(project, cancellationToken);
            }

            return;
        }

        if (!project.Searches)
        {
            await FollowAsync(project, cancellationToken);
            return;
        }

        for (var now = build; now is { State: not SearchBuildState.Ready } && time.GetElapsedTime(began) < RunTime;)
        {
            now = await store.TrySaveAsync(await StepAsync(now, cancellationToken), cancellationToken);
        }
    }

    private async Task<SearchBuild> StepAsync(SearchBuild build, CancellationToken cancellationToken)
    {
        if (build.State == SearchBuildState.Clearing)
        {
            await index.DeleteAllAsync(build.ProjectId, cancellationToken);
            return build with { State = SearchBuildState.Building };
        }

        var page = await messages.MessagesAsync(build.ProjectId, build.Cursor, Page, cancellationToken);
        if (page.Count == 0)
        {
            return build with { State = SearchBuildState.Ready };
        }

        await indexer.AddAsync([.. page.Select(found => (found.Key, found.Item))], cancellationToken);
        return build with { Cursor = page[^1].Cursor, Messages = build.Messages + page.Count };
    }
}
