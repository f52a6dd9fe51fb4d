using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Moderation.Words;

/// <summary>The word lists of projects: what is stored, and what they say of a text.</summary>
public sealed class WordListService(
    WordListStore store, ProjectService projects, IOptions<MessageOptions> options, TimeProvider time)
{
    /// <summary>A list of 10,000 entries takes some megabytes.</summary>
    private const int Cached = 200;

    /// <summary>By version, which never changes: only the memory limits it.</summary>
    private readonly ExpiringCache<(string ProjectId, string Version), WordLists> cache = new(Cached, TimeSpan.FromHours(6), time);

    internal async Task<WordListView> GetAsync(string projectId, CancellationToken cancellationToken) =>
        View(await store.FindAsync(projectId, cancellationToken));

    /// <summary>In place of those that there are. It holds on every instance within <see cref="ProjectOptions.CacheSeconds"/>.</summary>
    /// <param name="by">The name of an API key, or a developer's e-mail address.</param>
    /// <exception cref="VoxException">too_long, invalid_field, limit_reached</exception>
    internal async Task<WordListView> SetAsync(
        string projectId, WordListRequest request, string by, CancellationToken cancellationToken)
    {
        WordLists.Of(request);
        var isEmpty = request.Lists().All(list => list.Texts.Count == 0);
        var stored = new StoredWordLists(RandomIds.Create(16), request, time.GetUtcNow(), by);
        await store.SetAsync(projectId, stored, cancellationToken);
        await projects.UpdateAsync(
            projectId, project => project with { WordListVersion = isEmpty ? null : stored.Version }, cancellationToken);
        return View(stored);
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task<WordTryView> TryAsync(string projectId, WordTryRequest request, CancellationToken cancellationToken)
    {
        var text = request.Text switch
        {
            null or "" => throw new VoxException(Errors.MissingField, "text is missing: the message to try.", "text"),
            { Length: var length } when length > options.Value.MaxLength => throw new VoxException(
                Errors.TooLong, $"text may have at most {options.Value.MaxLength:N0} characters.", "text"),
            var given => given,
        };
        var lists = request.Lists ?? (await store.FindAsync(projectId, cancellationToken))?.Lists ?? new WordListRequest();
        var verdict = WordLists.Of(lists).Check(text, request.Html);
        return new WordTryView(
            verdict.Action?.ToString().ToLowerInvariant(), verdict.Action == WordAction.Block ? "" : verdict.Text,
            [.. verdict.Found.Select(entry => entry.Text)]);
    }

    /// <summary>The lists that count for a project. Costs a storage request for each version on each instance.</summary>
    internal async ValueTask<WordLists?> FindAsync(Project project, CancellationToken cancellationToken)
    {
        if (project.WordListVersion is not { } version)
        {
            return null;
        }

        if (cache.TryGet((project.Id, version), out var known))
        {
            return known;
        }

        // Changed meanwhile: the newer one counts, and is kept for the short time in which the project is remembered.
        var lists = await store.FindAsync(project.Id, version, cancellationToken)
            ?? (await store.FindAsync(project.Id, cancellationToken))?.Lists ?? new WordListRequest();
        var made = WordLists.Of(lists);
        cache.Set((project.Id, version), made);
        return made;
    }

    private static WordListView View(StoredWordLists? stored) => new(
        stored?.Lists.Block ?? [], stored?.Lists.Mask ?? [], stored?.Lists.Flag ?? [], stored?.Lists.Server ?? false, stored?.ChangedAt,
        stored?.ChangedBy);
}
