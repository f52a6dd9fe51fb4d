using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Exports;

/// <summary>Takes requests for archives, and hands out addresses of those that are ready.</summary>
public sealed class ExportService(
    ExportStore store, ExportArchiveBlobs archives, ExportWork work, UserService users, LoginIds loginIds,
    IEnumerable<IDataRecordStep> records, TimeProvider time) : IErasureStep, IProjectRemovalStep
{
    /// <summary>Archives of one project that are being written.</summary>
    private const int MaxRunning = 5;

    private const int MaxListed = 200;

    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    public async Task<ExportList> ListAsync(string projectId, CancellationToken cancellationToken) =>
        new([.. (await store.ListAsync(projectId, MaxListed, cancellationToken)).Select(ExportView.Of)]);

    /// <exception cref="VoxException">not_found</exception>
    public async Task<ExportView> GetAsync(string projectId, string? id, CancellationToken cancellationToken) =>
        ExportView.Of(await FindAsync(projectId, id, cancellationToken));

    /// <summary>Begins an archive of a user or, without a username, of the whole project.</summary>
    /// <exception cref="VoxException">too_long, invalid_field, user_not_found, limit_reached</exception>
    public async Task<ExportView> BeginAsync(
        Project project, string? username, DataActor actor, CancellationToken cancellationToken)
    {
        User? user = null;
        if (username is { Length: > 0 })
        {
            loginIds.Check(username, "username");
            user = await users.FindNowAsync(project.User(username), cancellationToken) is { DeletedAt: null } found
                ? found
                : throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
        }

        var present = await store.ListAsync(project.Id, MaxListed, cancellationToken);
        if (present.Count(export => export.State == ExportState.Running) >= MaxRunning)
        {
            throw new VoxException(
                Errors.LimitReached, $"At most {MaxRunning} exports of a project can be under way: wait until one is ready.");
        }

        foreach (var old in present.Skip(MaxListed - 1).Where(export => export.State is ExportState.Expired or ExportState.Failed))
        {
            await store.RemoveAsync(old, cancellationToken);
        }

        var now = time.GetUtcNow();
        var export = new Export(
            project.Id, ChatKeys.Erasure(now, RandomIds.Create(10)), user is null ? ExportKind.Project : ExportKind.User,
            user?.LoginId ?? "", user?.Uid ?? "", ExportState.Running, now, actor.Who, now, null, 0, "", "", 0, 0, 0, default);
        await store.AddAsync(export, cancellationToken);
        await RecordAsync(export, actor, "data.export_requested", cancellationToken);
        return ExportView.Of(export);
    }

    /// <summary>An address that lives for a quarter of an hour. Each is recorded.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public async Task<ExportLink> LinkAsync(string projectId, string? id, DataActor actor, CancellationToken cancellationToken)
    {
        var export = await FindAsync(projectId, id, cancellationToken);
        if (export.State != ExportState.Ready)
        {
            throw new VoxException(Errors.NotFound, "The archive is not ready yet, or was deleted.", "id");
        }

        await RecordAsync(export, actor, "data.export_downloaded", cancellationToken);
        var expires = time.GetUtcNow() + LinkLifetime;
        var name = $"{export.Kind.ToString().ToLowerInvariant()}-{export.RequestedAt:yyyyMMdd-HHmmss}.tar";
        return new ExportLink((await archives.LinkAsync(export, name, expires, cancellationToken)).AbsoluteUri, expires);
    }

    /// <summary>Archives have copies of what is being erased.</summary>
    public async Task ErasingAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var export in await store.OpenAsync(projectId, cancellationToken))
        {
            await work.ExpireAsync(export, cancellationToken);
        }
    }

    public Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => RemoveAsync(projectId, cancellationToken);

    /// <summary>Removes the archives of a project that is deleted.</summary>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        while (await store.ListAsync(projectId, MaxListed, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var export in page)
            {
                await archives.RemoveAsync(export, cancellationToken);
                await store.RemoveAsync(export, cancellationToken);
            }
        }
    }

    private async Task<Export> FindAsync(string projectId, string? id, CancellationToken cancellationToken) =>
        id is { Length: > 0 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && await store.FindAsync(projectId, id, cancellationToken) is { } export
            ? export
            : throw new VoxException(Errors.NotFound, "There is no such export in the project.", "id");

    private async Task RecordAsync(Export export, DataActor actor, string action, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            await record.RecordAsync(export.ProjectId, actor, action, $"{export.Kind} ({export.Id})", cancellationToken);
        }
    }
}
