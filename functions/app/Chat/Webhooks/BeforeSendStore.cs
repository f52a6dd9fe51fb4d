using System.Text;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>Before-send hooks in table <c>webhooks</c>, at most one for each project. The secret is encrypted.</summary>
public sealed class BeforeSendStore(StorageClients storage, SecretProtector protector)
{
    private readonly Table table = storage.ProjectTable("webhooks");

    public async Task<BeforeSendHook?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Webhooks(projectId), ChatKeys.BeforeSend, cancellationToken) is { } row
            ? new BeforeSendHook(
                projectId, row.GetString("Url"),
                Encoding.UTF8.GetString(protector.Unprotect(Purpose(projectId), row.GetString("Secret"))),
                row.GetInt32("Milliseconds") ?? 1_000, row.GetBoolean("AllowsOnFailure") ?? true)
            : null;

    public Task SetAsync(BeforeSendHook hook, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(ChatKeys.Webhooks(hook.ProjectId), ChatKeys.BeforeSend)
        {
            ["Url"] = hook.Url,
            ["Secret"] = protector.Protect(Purpose(hook.ProjectId), Encoding.UTF8.GetBytes(hook.Secret)),
            ["Milliseconds"] = hook.Milliseconds,
            ["AllowsOnFailure"] = hook.AllowsOnFailure,
        },
        cancellationToken);

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Webhooks(projectId), ChatKeys.BeforeSend, cancellationToken);

    private static string Purpose(string projectId) => "before-send|" + projectId;
}
