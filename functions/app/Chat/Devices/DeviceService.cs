using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Outbound;

namespace Vox.Chat.Devices;

/// <summary>The devices that users get push messages on.</summary>
public sealed class DeviceService(
    DeviceStore store, LiveSessions sessions, ProjectService projects, OutboundGuard outbound, TimeProvider time)
{
    /// <summary>Beyond it, the one that has not registered for the longest time goes.</summary>
    public const int MaxPerUser = 20;

    /// <summary>A device that registers again with nothing new is written again only after this time.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    /// <summary>Registers the device of the caller's session. It may be called at each start of the app.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field, too_long; invalid_token: the session has just ended</exception>
    internal async Task<DeviceView> RegisterAsync(Caller caller, DeviceRequest request, CancellationToken cancellationToken)
    {
        var (user, sessionId, now) = (caller.Identity, caller.Claims.SessionId, time.GetUtcNow());
        var device = DeviceRequests.Read(request, user, sessionId, outbound, now);
        var all = await store.ListAsync(user, cancellationToken);
        var before = all.Find(one => one.Id == device.Id);
        if (before is not null)
        {
            device = device with { CreatedAt = before.CreatedAt };
            if (device with { SeenAt = before.SeenAt } == before && now - before.SeenAt < Fresh
                && await store.OwnerAsync(user.ProjectId, device.Id, cancellationToken) == user)
            {
                await MarkProjectAsync(caller.Project, cancellationToken);
                return DeviceView.Of(before, sessionId);
            }
        }

        // Somebody else has logged in on it: it is not the earlier user's any more.
        if (await store.OwnerAsync(user.ProjectId, device.Id, cancellationToken) is { } owner && owner != user)
        {
            await store.RemoveAsync(owner, device.Id, CancellationToken.None);
        }

        await store.SetAsync(device, isNew: true, CancellationToken.None);
        foreach (var old in all.Where(one => one.Id != device.Id).Skip(MaxPerUser - 1))
        {
            await store.RemoveWithOwnerAsync(user, old.Id, CancellationToken.None);
        }

        // A session that ends removes its devices after its own row. So either this look sees the end, or the device was there to be
        // removed.
        if (!await sessions.ContainsNowAsync(user, sessionId, CancellationToken.None))
        {
            await store.RemoveWithOwnerAsync(user, device.Id, CancellationToken.None);
            throw new VoxException(Errors.InvalidToken, "The session has ended: log in again.", "authorization");
        }

        // Not as it is known here: another instance may just have found that there was no device, see UnmarkProjectAsync.
        if (await projects.FindNowAsync(user.ProjectId, CancellationToken.None) is { } project)
        {
            await MarkProjectAsync(project, CancellationToken.None);
        }

        return DeviceView.Of(device, sessionId);
    }

    internal async Task<DeviceList> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        new((await store.ListAsync(caller.Identity, cancellationToken)).ConvertAll(
            device => DeviceView.Of(device, caller.Claims.SessionId)));

    /// <exception cref="VoxException">not_found</exception>
    public async Task RemoveAsync(UserIdentity user, string deviceId, CancellationToken cancellationToken)
    {
        if (!(await store.ListAsync(user, cancellationToken)).Exists(device => device.Id == deviceId))
        {
            throw new VoxException(Errors.NotFound, "The user has no such device.", "deviceId");
        }

        await store.RemoveWithOwnerAsync(user, deviceId, CancellationToken.None);
    }

    /// <summary>
    /// Makes the project's row say that it has no devices, when it has none: then nothing of it is looked at for push messages. One request
    /// when it has some.
    /// </summary>
    public async Task UnmarkProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        if (await store.AnyAsync(projectId, cancellationToken))
        {
            return;
        }

        await projects.UpdateAsync(projectId, now => now with { HasDevices = false }, cancellationToken);
        // Whoever registers stores the device before they read the project. So either they see what was just written, or this look sees
        // the device.
        if (await store.AnyAsync(projectId, CancellationToken.None))
        {
            await projects.UpdateAsync(projectId, now => now with { HasDevices = true }, CancellationToken.None);
        }
    }

    /// <summary>Makes the project's row say that it has devices, so that messages in it are looked at for push.</summary>
    private async Task MarkProjectAsync(Project project, CancellationToken cancellationToken)
    {
        if (!project.HasDevices)
        {
            await projects.UpdateAsync(project.Id, now => now with { HasDevices = true }, cancellationToken);
        }
    }
}
