using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Conversations.Personal;

internal static class PersonalRegistration
{
    public static IServiceCollection AddPersonalState(this IServiceCollection services)
    {
        services.AddSingleton<PersonalService>();
        return services;
    }
}
