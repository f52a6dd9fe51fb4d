using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.People;

internal static class ServerPeopleRegistration
{
    public static IServiceCollection AddServerPeople(this IServiceCollection services) => services.AddSingleton<ServerPeopleService>();
}
