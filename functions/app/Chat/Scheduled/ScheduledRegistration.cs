using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Users;

namespace Vox.Chat.Scheduled;

internal static class ScheduledRegistration
{
    public static IServiceCollection AddScheduledMessages(this IServiceCollection services)
    {
        services.AddSingleton<ScheduledStore>();
        services.AddSingleton<ScheduledService>();
        services.AddSingleton<ScheduledWork>();
        services.AddSingleton<ScheduledRemoval>();
        services.AddSingleton<IUserRemovalStep>(provider => provider.GetRequiredService<ScheduledRemoval>());
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<ScheduledRemoval>());
        services.AddSingleton<IErasureStep, ScheduledErasure>();
        return services;
    }
}
