using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;

namespace Vox.Portal.Projects;

internal static class PortalProjectRegistration
{
    public static IServiceCollection AddPortalProjects(this IServiceCollection services)
    {
        services.AddSingleton<MemberStore>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<MemberStore>());
        services.AddSingleton<ProjectCallers>();
        services.AddSingleton<ProjectAudit>();
        services.AddSingleton<ITokenReusedStep, TokenReuseAudit>();
        services.AddSingleton<MemberService>();
        services.AddSingleton<PortalProjectService>();
        return services;
    }
}
