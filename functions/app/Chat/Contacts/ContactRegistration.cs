using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Contacts;

internal static class ContactRegistration
{
    public static IServiceCollection AddContacts(this IServiceCollection services)
    {
        services.AddOptions<ContactOptions>().BindConfiguration(ContactOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ContactStore>();
        services.AddSingleton<IAudience>(provider => provider.GetRequiredService<ContactStore>());
        services.AddProjectTables("contacts");
        services.AddSingleton<ContactService>();
        services.AddSingleton<IUserCreationStep, JoinedNotifier>();
        services.AddSingleton<IUserRemovalStep, ContactRemoval>();
        return services;
    }
}
