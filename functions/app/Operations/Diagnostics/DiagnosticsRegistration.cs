using Microsoft.Extensions.DependencyInjection;

namespace Vox.Operations.Diagnostics;

internal static class DiagnosticsRegistration
{
    public static IServiceCollection AddDiagnostics(this IServiceCollection services)
    {
        services.AddSingleton<StorageProbe>();
        services.AddSingleton<RealtimeProbe>();
        services.AddSingleton<Health>();
        services.AddHostedService<LogGauges>();
        return services;
    }
}
