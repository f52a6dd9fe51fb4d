using Microsoft.Extensions.DependencyInjection;

namespace Vox.Operations.Demo;

internal static class DemoRegistration
{
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section);
        services.AddHostedService<DemoProject>();
        return services;
    }
}
