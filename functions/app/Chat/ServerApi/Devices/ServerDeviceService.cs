using Vox.Chat.ApiKeys;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Devices;

/// <summary>The devices on which users get push messages, for customers' servers.</summary>
public sealed class ServerDeviceService(UserService users, DeviceStore store, DeviceService devices, ServerActions actions)
{
    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<ServerDeviceList> ListAsync(Project project, string userId, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, userId, cancellationToken);
        return new ServerDeviceList((await store.ListAsync(user.Identity, cancellationToken)).ConvertAll(ServerDevice.Of));
    }

    /// <exception cref="VoxException">user_not_found, not_found</exception>
    internal async Task RemoveAsync(ServerCaller caller, string userId, string deviceId, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, userId, cancellationToken);
        await devices.RemoveAsync(user.Identity, deviceId, cancellationToken);
        await actions.DoneAsync(caller, "user.device_removed", user.LoginId, cancellationToken);
    }

    private async Task<User> FindAsync(Project project, string userId, CancellationToken cancellationToken) =>
        await users.FindNowAsync(project, userId, cancellationToken)
        ?? throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "userId");
}
