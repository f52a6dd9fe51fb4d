using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Storage;

internal static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StorageRequestCounter>();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageSettings>();
        services.AddSingleton<StorageAdvice>();
        services.AddSingleton<StorageClients>();
        services.AddSingleton<BlobLinks>();
        services.AddSingleton<ISelfCheck, StorageSelfCheck>();
        services.AddSingleton<ISelfCheck, BackupAccountSelfCheck>();
        return services;
    }
}
