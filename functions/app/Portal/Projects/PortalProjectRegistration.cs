using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

internal static class PortalProjectRegistration
{
    public static IServiceCollection AddPortalProjects(this IServiceCollection services)
    {
        services.AddSingleton<MemberStore>();
        services.AddSingleton<IMediaManagers, MediaManagers>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<MemberStore>());
        services.AddSingleton<InvitationStore>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<InvitationStore>());
        services.AddSingleton<IPortalSweepStep>(provider => provider.GetRequiredService<InvitationStore>());
        services.AddSingleton<InvitationService>();
        services.AddSingleton<ProjectCallers>();
        services.AddSingleton<ProjectAudit>();
        services.AddSingleton<ITokenReusedStep, TokenReuseAudit>();
        services.AddSingleton<MemberService>();
        services.AddSingleton<PortalProjectService>();
        return services;
    }
}
