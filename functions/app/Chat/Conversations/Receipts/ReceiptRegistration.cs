using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Conversations.Receipts;

internal static class ReceiptRegistration
{
    public static IServiceCollection AddReceipts(this IServiceCollection services)
    {
        services.AddSingleton<ReceiptServerEvents>();
        services.AddSingleton<ReceiptService>();
        services.AddSingleton<GroupReceiptService>();
        return services;
    }
}
