using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Devices;

internal static class ServerDeviceRegistration
{
    public static IServiceCollection AddServerDevices(this IServiceCollection services) => services.AddSingleton<ServerDeviceService>();
}
