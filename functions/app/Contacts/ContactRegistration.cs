using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Contacts;

public static class ContactRegistration
{
    public static IServiceCollection AddContacts(this IServiceCollection services)
    {
        services.AddOptions<ContactOptions>().BindConfiguration(ContactOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ContactStore>();
        services.AddSingleton<ContactService>();
        services.AddSingleton<IUserCreationStep, JoinedNotifier>();
        services.AddSingleton<IUserRemovalStep, ContactRemoval>();
        return services;
    }
}
