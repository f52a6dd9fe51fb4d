using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;

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
            string.IsNullOrEmpty(provider.GetRequiredService<IOptions<BillingOptions>>().Value.StripeKey)
                ? ActivatorUtilities.CreateInstance<SandboxGateway>(provider)
                : ActivatorUtilities.CreateInstance<StripeGateway>(provider));
        services.AddSingleton<PaymentService>();
        services.AddSingleton<LowBalanceMail>();
        services.AddSingleton<BillingService>();
        services.AddProjectTables("rates");
        return services;
    }
}
