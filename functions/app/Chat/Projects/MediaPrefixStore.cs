using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>Table <c>media</c>: the secret that signs the media addresses of each project.</summary>
public sealed class MediaPrefixStore(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.ProjectTable("media");

    public async Task<string?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.FindAsync(Keys.Project(projectId), ChatKeys.MediaSecretRow, cancellationToken))?.GetString("Secret");

    /// <summary>Does nothing when there is a secret already.</summary>
    public Task TryAddAsync(string projectId, string secret, CancellationToken cancellationToken) =>
        table.TryAddAsync(new TableEntity(Keys.Project(projectId), ChatKeys.MediaSecretRow) { ["Secret"] = secret }, cancellationToken);

    public Task ReplaceAsync(string projectId, string secret, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableEntity(Keys.Project(projectId), ChatKeys.MediaSecretRow) { ["Secret"] = secret }, cancellationToken);

    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(Keys.Project(projectId), ChatKeys.MediaSecretRow, cancellationToken);
        await table.DeleteAsync(Keys.Project(projectId), ChatKeys.FormerMediaRow, cancellationToken);
    }
}
