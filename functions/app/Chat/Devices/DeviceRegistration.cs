using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;

namespace Vox.Chat.Devices;

internal static class DeviceRegistration
{
    public static IServiceCollection AddDevices(this IServiceCollection services)
    {
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<DeviceService>();
        services.AddSingleton<ISessionsEndedStep, DeviceRemoval>();
        services.AddProjectTables("devices");
        return services;
    }
}
