using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;

namespace Vox.Chat.Moves;

internal static class MoveRegistration
{
    public static IServiceCollection AddMoves(this IServiceCollection services)
    {
        services.AddOptions<MoveOptions>().BindConfiguration(MoveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MoveStore>();
        services.AddSingleton<MoveService>();
        services.AddSingleton<MoveRun>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<MoveStore>());
        return services;
    }
}
