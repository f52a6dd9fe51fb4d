using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>The keys for browsers in table <c>devices</c>, a row for each project. The private key is encrypted.</summary>
public sealed class VapidKeyStore(StorageClients storage, SecretProtector protector)
{
    private readonly Table table = storage.ProjectTable("devices");

    /// <returns>The public key, an uncompressed point in base64url, and the private key. Null when there are none yet.</returns>
    public async Task<(string Public, byte[] Private)?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.PushKeys(projectId), ChatKeys.VapidRow, cancellationToken) is { } row
            ? (row.GetString("Public"), protector.Unprotect(Purpose(projectId), row.GetString("Private")))
            : null;

    /// <summary>Of two who are first at the same moment, one's keys stay.</summary>
    public Task AddAsync(string projectId, string publicKey, byte[] privateKey, CancellationToken cancellationToken) => table.TryAddAsync(
        new TableEntity(ChatKeys.PushKeys(projectId), ChatKeys.VapidRow)
        {
            ["Public"] = publicKey,
            ["Private"] = protector.Protect(Purpose(projectId), privateKey),
        },
        cancellationToken);

    private static string Purpose(string projectId) => $"push.{projectId}.vapid";
}
