using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Devices;

/// <summary>Devices go with their session, and all of them with the user.</summary>
internal sealed class DeviceRemoval(DeviceStore store) : ISessionsEndedStep
{
    public async Task EndedAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken)
    {
        foreach (var device in (await store.ListAsync(user, cancellationToken)).Where(device => device.SessionId == sessionId))
        {
            await store.RemoveWithOwnerAsync(user, device.Id, cancellationToken);
        }
    }

    public async Task AllEndedAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        foreach (var device in await store.ListAsync(user, cancellationToken))
        {
            await store.RemoveWithOwnerAsync(user, device.Id, cancellationToken);
        }
    }
}
