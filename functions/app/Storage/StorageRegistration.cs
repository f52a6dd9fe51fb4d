using Microsoft.Extensions.DependencyInjection;

namespace Vox.Storage;

public static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StorageRequestCounter>();
        services.AddSingleton<StorageClients>();
        services.AddSingleton<BlobLinks>();
        return services;
    }
}
