using Vox.Chat.Moderation.Words;
using Vox.Chat.Projects;
using Vox.Chat.ServerApi.Moderation;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Moderation;

/// <summary>The queue of what users have flagged, for developers who moderate.</summary>
public sealed class PortalModerationService(FlagQueue queue, WordListService words, ProjectAudit audit)
{
    private const int PageSize = 25;

    /// <exception cref="VoxException">invalid_field</exception>
    internal Task<FlagPage> ListAsync(Project project, string? state, string? after, CancellationToken cancellationToken) =>
        queue.ListAsync(project, state, after, PageSize, cancellationToken);

    /// <exception cref="VoxException">not_found</exception>
    internal Task<FlagDetail> GetAsync(Project project, string id, CancellationToken cancellationToken) =>
        queue.GetAsync(project, id, cancellationToken);

    /// <exception cref="VoxException">not_found, missing_field, too_long, invalid_field, user_not_found, on_hold, busy</exception>
    internal async Task<FlagView> DecideAsync(
        ProjectCaller caller, string id, DecideFlagRequest request, CancellationToken cancellationToken)
    {
        var flag = await queue.DecideAsync(caller.Project, caller.Who, id, request, cancellationToken);
        foreach (var (action, detail) in FlagQueue.Records(flag))
        {
            await audit.RecordAsync(caller, action, detail, cancellationToken);
        }

        return flag;
    }

    internal Task<WordListView> GetWordsAsync(Project project, CancellationToken cancellationToken) =>
        words.GetAsync(project.Id, cancellationToken);

    /// <exception cref="VoxException">too_long, invalid_field, limit_reached</exception>
    internal async Task<WordListView> SetWordsAsync(ProjectCaller caller, WordListRequest lists, CancellationToken cancellationToken)
    {
        var set = await words.SetAsync(caller.Project.Id, lists, caller.Who, cancellationToken);
        await audit.RecordAsync(caller, "words.set", WordListFunctions.Detail(set), cancellationToken);
        return set;
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal Task<WordTryView> TryWordsAsync(Project project, WordTryRequest request, CancellationToken cancellationToken) =>
        words.TryAsync(project.Id, request, cancellationToken);
}
