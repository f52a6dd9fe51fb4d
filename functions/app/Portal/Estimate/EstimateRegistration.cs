using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Estimate;

internal static class EstimateRegistration
{
    public static IServiceCollection AddEstimate(this IServiceCollection services) => services.AddSingleton<EstimateService>();
}
