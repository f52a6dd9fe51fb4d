using Microsoft.Extensions.DependencyInjection;

namespace Vox.Receipts;

public static class ReceiptRegistration
{
    public static IServiceCollection AddReceipts(this IServiceCollection services) => services.AddSingleton<ReceiptService>();
}
