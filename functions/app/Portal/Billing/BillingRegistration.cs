using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;

namespace Vox.Portal.Billing;

public static class BillingRegistration
{
    public static IServiceCollection AddBilling(this IServiceCollection services)
    {
        services.AddOptions<BillingOptions>().BindConfiguration(BillingOptions.Section).ValidateDataAnnotations()
            .Validate(
                o => string.IsNullOrEmpty(o.StripeKey) || !string.IsNullOrEmpty(o.StripeWebhookSecret),
                "Billing:StripeKey needs Billing:StripeWebhookSecret: payments are believed only when Stripe has signed for them.")
            .ValidateOnStart();
        services.AddSingleton<PriceList>();
        services.AddSingleton<RateStore>();
        services.AddSingleton<InvoiceService>();
        services.AddSingleton<LedgerStore>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<IPaymentGateway>(provider =>
            string.IsNullOrEmpty(provider.GetRequiredService<IOptions<BillingOptions>>().Value.StripeKey)
                ? ActivatorUtilities.CreateInstance<SandboxGateway>(provider)
                : ActivatorUtilities.CreateInstance<StripeGateway>(provider));
        services.AddSingleton<BillingService>();
        services.AddProjectTables("rates");
        return services;
    }
}
