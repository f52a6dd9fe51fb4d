using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.RowVersions;

internal static class RowVersionRegistration
{
    public static IServiceCollection AddRowVersions(this IServiceCollection services)
    {
        services.AddSingleton<RowSweepStore>();
        services.AddSingleton<RowSweep>();
        return services;
    }
}
