using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.SelfChecks;

namespace Vox.Operations.Backups;

internal static class BackupRegistration
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<BackupStore>();
        services.AddSingleton<BackupBlobs>();
        services.AddSingleton<ExportStore>();
        services.AddSingleton<RestoreStore>();
        services.AddSingleton<WorkLeases>();
        services.AddSingleton<BackupExport>();
        services.AddSingleton<BackupRestore>();
        services.AddSingleton<ISelfCheck, BackupSelfCheck>();
        return services;
    }
}
