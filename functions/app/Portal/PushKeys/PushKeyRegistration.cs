using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;

namespace Vox.Portal.PushKeys;

internal static class PushKeyRegistration
{
    public static IServiceCollection AddPushKeys(this IServiceCollection services) =>
        services.AddSingleton<PushKeyStore>().AddSingleton<PushKeyService>().AddProjectTables("pushkeys");
}
