using Microsoft.Extensions.DependencyInjection;

namespace Vox.StaticFiles;

public static class StaticFileRegistration
{
    public static IServiceCollection AddStaticFiles(this IServiceCollection services) => services.AddSingleton<StaticFileStore>(_ => new StaticFileStore());
}
