using Microsoft.Extensions.DependencyInjection;

namespace Vox.PushKeys;

public static class PushKeyRegistration
{
    public static IServiceCollection AddPushKeys(this IServiceCollection services) =>
        services.AddSingleton<PushKeyStore>().AddSingleton<PushKeyService>();
}
