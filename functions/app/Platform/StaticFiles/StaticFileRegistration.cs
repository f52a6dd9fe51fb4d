using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.StaticFiles;

internal static class StaticFileRegistration
{
    public static IServiceCollection AddStaticFiles(this IServiceCollection services) =>
        services.AddSingleton<StaticFileLibrary>(_ => new StaticFileLibrary());
}
