using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.StaticFiles;

public static class StaticFileRegistration
{
    public static IServiceCollection AddStaticFiles(this IServiceCollection services) =>
        services.AddSingleton<StaticFileLibrary>(_ => new StaticFileLibrary());
}
