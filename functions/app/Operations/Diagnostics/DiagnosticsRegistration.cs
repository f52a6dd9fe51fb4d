using Microsoft.Extensions.DependencyInjection;

namespace Vox.Operations.Diagnostics;

public static class DiagnosticsRegistration
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
