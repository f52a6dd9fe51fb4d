using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.SelfChecks;

namespace Vox.Operations.Diagnostics;

internal static class DiagnosticsRegistration
{
    public static IServiceCollection AddDiagnostics(this IServiceCollection services)
    {
        services.AddSingleton<StorageProbe>();
        services.AddSingleton<RealtimeProbe>();
        services.AddSingleton<TimerProbe>();
        services.AddSingleton<Health>();
        services.AddSingleton<ISelfCheck, SettingsSelfCheck>();
        services.AddSingleton<ISelfCheck, HealthSelfCheck>();
        services.AddSingleton<DoctorService>();
        services.AddHostedService<LogGauges>();
        return services;
    }
}
