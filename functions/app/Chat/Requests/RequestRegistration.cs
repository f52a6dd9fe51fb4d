using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Protection;

namespace Vox.Chat.Requests;

internal static class RequestRegistration
{
    public static IServiceCollection AddRequestLog(this IServiceCollection services)
    {
        services.AddOptions<RequestOptions>().BindConfiguration(RequestOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RequestStore>();
        services.AddSingleton<RequestLog>();
        services.AddHostedService(provider => provider.GetRequiredService<RequestLog>());
        services.AddSingleton<IErasureStep>(provider => provider.GetRequiredService<RequestLog>());
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<RequestLog>());
        return services;
    }
}
