using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.SelfChecks;

namespace Vox.Portal.Billing;

internal static class BillingRegistration
{
    public static IServiceCollection AddBilling(this IServiceCollection services)
    {
        services.AddOptions<BillingOptions>().BindConfiguration(BillingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<BillingOptions>, BillingSettings>();
        services.AddSingleton<PriceList>();
        services.AddSingleton<RateStore>();
        services.AddSingleton<RateService>();
        services.AddSingleton<LedgerStore>();
        services.AddSingleton<InvoiceService>();
        services.AddSingleton<CreditService>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<IPaymentGateway>(provider =>
            provider.GetRequiredService<IOptions<BillingOptions>>().Value switch
            {
                { StripeKey.Length: > 0 } => ActivatorUtilities.CreateInstance<StripeGateway>(provider),
                { Sandbox: true } => new SandboxGateway(),
                _ => new NoGateway(),
            });
        services.AddSingleton<PaymentService>();
        services.AddSingleton<LowBalanceMail>();
        services.AddSingleton<BillingService>();
        services.AddProjectTables("rates");
        services.AddSingleton<ISelfCheck, BillingSelfCheck>();
        return services;
    }
}
