using Microsoft.Extensions.DependencyInjection;

namespace Vox.Projects;

public static class ProjectRegistration
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.AddOptions<ProjectOptions>().BindConfiguration(ProjectOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ProjectStore>();
        services.AddSingleton<ProjectService>();
        services.AddSingleton<MemberStore>();
        services.AddSingleton<ProjectCallers>();
        services.AddSingleton<ProjectRemoval>();
        services.AddSingleton<PortalProjectService>();
        return services;
    }
}
