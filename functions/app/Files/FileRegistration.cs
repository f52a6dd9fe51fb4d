using Microsoft.Extensions.DependencyInjection;
using Vox.Files.Images;
using Vox.Users;

namespace Vox.Files;

public static class FileRegistration
{
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddOptions<FilesOptions>().BindConfiguration(FilesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FileStore>();
        services.AddSingleton<FileBlobs>();
        services.AddSingleton<FileService>();
        services.AddSingleton<FileInspector>();
        services.AddSingleton<FileCompletion>();
        services.AddSingleton<FileSweep>();
        services.AddSingleton<FileRemoval>();
        services.AddSingleton<IUserRemovalStep>(provider => provider.GetRequiredService<FileRemoval>());
        services.AddSingleton<ImageRenderer>();
        services.AddSingleton<MediaService>();
        services.AddSingleton<StorageMeter>();
        services.AddHostedService<BlobCors>();
        return services;
    }
}
