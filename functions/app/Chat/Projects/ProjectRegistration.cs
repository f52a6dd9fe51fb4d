using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Projects;

internal static class ProjectRegistration
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.AddOptions<ProjectOptions>().BindConfiguration(ProjectOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(ProjectStore.Schema);
        services.AddSingleton<ProjectStore>();
        services.AddSingleton<ProjectService>();
        services.AddSingleton<ProjectRemoval>();
        services.AddSingleton<ProjectDeletionStore>();
        services.AddSingleton<MediaPrefixStore>();
        services.AddSingleton<MediaPrefixes>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<MediaPrefixStore>());
        return services;
    }
}
