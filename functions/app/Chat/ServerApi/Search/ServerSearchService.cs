using Vox.Chat.Projects;
using Vox.Chat.Search;

namespace Vox.Chat.ServerApi.Search;

/// <summary>Search for customers' servers: nothing is hidden from them but what is gone.</summary>
public sealed class ServerSearchService(SearchService search, SearchBuilds builds)
{
    /// <exception cref="VoxException">search_off, missing_field, too_long, invalid_field</exception>
    public async Task<SearchPage> SearchAsync(
        Project project, string? text, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var (hits, next) = await search.OfProjectAsync(project, text, SearchCursor.Read(cursor), limit, cancellationToken);
        return new SearchPage(hits, SearchCursor.Create(next));
    }

    public async Task<SearchIndexView> IndexAsync(Project project, CancellationToken cancellationToken) =>
        !project.Searches ? new SearchIndexView("off", 0) : View(await builds.FindAsync(project.Id, cancellationToken));

    /// <exception cref="VoxException">search_off</exception>
    public async Task<SearchIndexView> RebuildAsync(Project project, CancellationToken cancellationToken) =>
        View(await builds.RebuildAsync(project.Id, cancellationToken));

    private static SearchIndexView View(SearchBuild? build) =>
        new(build?.State == SearchBuildState.Ready ? "ready" : "building", build?.Messages ?? 0);
}
