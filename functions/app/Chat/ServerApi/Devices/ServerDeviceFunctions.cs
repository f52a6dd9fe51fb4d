using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Devices;

/// <summary>Devices that get push messages, for customers' servers.</summary>
public sealed class ServerDeviceFunctions(ServerRequests requests, ServerDeviceService devices)
{
    private const string Base = "api/server/v1/users/{userId}/devices";

    [Function("ListUserDevices")]
    [ServerOperation("Server: users", "The devices on which a user gets push messages", ApiScopes.UsersRead,
        Response = typeof(ServerDeviceList),
        ResponseExample = """
            {"devices":[{"id":"dK7cYqT1x0aPz3LmWm1","kind":"web","session":"3QmV0aPz","language":"de-AT",
            "createdAt":"2026-11-30T09:00:00+00:00","seenAt":"2026-11-30T09:00:00+00:00"}]}
            """)]
    public async Task<IActionResult> ListUserDevices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersRead, cancellationToken);
        return WireResults.Json(
            await devices.ListAsync(caller.Project, RouteText.Decode(userId), cancellationToken), ServerDeviceJson.Wire.ServerDeviceList);
    }

    [Function("RemoveUserDevice")]
    [ServerOperation("Server: users", "Send no more push messages to a device", ApiScopes.UsersWrite,
        Description = "The user stays logged in. The app registers the device again at its next start, unless the session is ended too.")]
    public async Task<IActionResult> RemoveUserDevice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{deviceId}")] HttpRequest request, string userId,
        string deviceId, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersWrite, cancellationToken);
        await devices.RemoveAsync(caller, RouteText.Decode(userId), deviceId, cancellationToken);
        return WireResults.NoContent;
    }
}
