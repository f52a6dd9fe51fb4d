using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Devices;

/// <summary>Lets apps register where their user wants push messages.</summary>
public sealed class DeviceFunctions(CallerReader callers, DeviceService devices, RequestBody body)
{
    private const string Tag = "Devices";
    private const string Base = "api/v1/devices";

    [Function("RegisterDevice")]
    [ApiOperation(Tag, "Register the device of this session for push messages", Request = typeof(DeviceRequest),
        Response = typeof(DeviceView),
        Description = "Call it at each start of the app: the same device is stored once, and whoever logged in on it last has it. It goes "
            + "when the session ends. A user can have 20; then the one that has not registered for the longest time goes.")]
    public async Task<IActionResult> RegisterDevice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var device = await body.ReadJsonAsync(request, DeviceJson.Wire.DeviceRequest, cancellationToken);
        return WireResults.Json(await devices.RegisterAsync(caller, device, cancellationToken), DeviceJson.Wire.DeviceView);
    }

    [Function("GetDevices")]
    [ApiOperation(Tag, "The caller's devices that get push messages", Response = typeof(DeviceList))]
    public async Task<IActionResult> GetDevices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken) =>
        WireResults.Json(
            await devices.ListAsync(await callers.ReadAsync(request, cancellationToken), cancellationToken), DeviceJson.Wire.DeviceList);

    [Function("RemoveDevice")]
    [ApiOperation(Tag, "Send no more push messages to a device")]
    public async Task<IActionResult> RemoveDevice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{deviceId}")] HttpRequest request, string deviceId,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await devices.RemoveAsync(caller.Identity, deviceId, cancellationToken);
        return WireResults.NoContent;
    }
}
