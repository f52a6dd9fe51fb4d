using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Push;

namespace Vox.Portal.PushKeys;

internal static class PushKeyRegistration
{
    public static IServiceCollection AddPushKeys(this IServiceCollection services) =>
        services.AddSingleton<PushKeyStore>().AddSingleton<PushKeyService>().AddSingleton<IPushKeys, PushKeySource>()
            .AddProjectTables("pushkeys");
}
