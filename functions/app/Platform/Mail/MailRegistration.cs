using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Mail;

internal static class MailRegistration
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AzureMail>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<MailOutbox>();
        services.AddHostedService(provider => provider.GetRequiredService<MailOutbox>());
        services.AddSingleton<ISelfCheck, MailSelfCheck>();
        return services;
    }
}
