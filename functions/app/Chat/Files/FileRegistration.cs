using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Chat.Users;

namespace Vox.Chat.Files;

internal static class FileRegistration
{
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddOptions<FilesOptions>().BindConfiguration(FilesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FileStore>();
        services.AddSingleton<UploadBlobs>();
        services.AddSingleton<UploadGuard>();
        services.AddSingleton<FileBlobs>();
        services.AddSingleton<FileService>();
        services.AddSingleton<FileInspector>();
        services.AddSingleton<FileCompletion>();
        services.AddSingleton<FileAudience>();
        services.AddSingleton<IFileMessageStep>(provider => provider.GetRequiredService<FileAudience>());
        services.AddSingleton<IPictureStep>(provider => provider.GetRequiredService<FileAudience>());
        services.AddSingleton<FileSweep>();
        services.AddSingleton<FileRemoval>();
        services.AddSingleton<IDeletedMessageStep, DeletedFiles>();
        services.AddSingleton<IUserRemovalStep>(provider => provider.GetRequiredService<FileRemoval>());

        // Must come before the tables: their rows say which blobs to remove.
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<FileRemoval>());
        services.AddProjectTables("files", "userfiles");
        services.AddSingleton<ImageRenderer>();
        services.AddSingleton<MediaService>();
        services.AddSingleton<FileMeterStore>();
        services.AddSingleton<FileMeter>();
        services.AddSingleton<IDailyFigure>(provider => provider.GetRequiredService<FileMeter>());
        services.AddHostedService<BlobCors>();
        return services;
    }
}
