using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Protection;

namespace Vox.Chat.Exports;

internal static class ExportRegistration
{
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ExportArchiveBlobs>();
        services.AddSingleton<ExportReader>();
        services.AddSingleton<ExportWork>();
        services.AddSingleton<ExportService>();
        services.AddSingleton<IErasureStep>(provider => provider.GetRequiredService<ExportService>());
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<ExportService>());
        return services;
    }
}
