using System.Collections.Frozen;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Vox.Platform.Telemetry;

internal static class TelemetryRegistration
{
    /// <summary>OpenTelemetry's standard setting. With it, everything goes to that collector.</summary>
    public const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The platform's setting; the host reads it too.</summary>
    public const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>
    /// Metrics of the runtime that nobody has asked for. Each instance sends its metrics every minute, whatever it does, and each row is
    /// paid for: an idle instance sends 16,700 bytes without these, 21,500 with them.
    /// </summary>
    private static readonly FrozenSet<string> Unused = new[]
    {
        "dotnet.assembly.count", "dotnet.gc.last_collection.heap.fragmentation.size", "dotnet.gc.last_collection.heap.size",
        "dotnet.gc.last_collection.memory.committed_size", "dotnet.jit.compilation.time", "dotnet.jit.compiled_il.size",
        "dotnet.jit.compiled_methods", "dotnet.monitor.lock_contentions", "dotnet.process.cpu.count", "dotnet.timer.count",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static FunctionsApplicationBuilder AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        // ASP.NET's lines contain the whole address, which has auth tokens in the vendor's API. The host logs requests without queries.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Warning);

        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        var otlp = !string.IsNullOrEmpty(builder.Configuration[Otlp]);
        var azure = !string.IsNullOrEmpty(builder.Configuration[AzureMonitor]);
        if (otlp || azure)
        {
            // Otherwise it is not set up at all: that costs a tenth of a second at the start.
            AddOpenTelemetry(builder, otlp, azure);
        }

        return builder;
    }

    private static void AddOpenTelemetry(FunctionsApplicationBuilder builder, bool otlp, bool azure)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "voxfunctions",
                serviceVersion: typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(),
                serviceInstanceId: builder.Configuration["WEBSITE_INSTANCE_ID"]))
            .WithTracing(tracing => tracing
                .AddSource(Instruments.Name)
                .AddProcessor(services => new SuccessSampling(services.GetRequiredService<IOptions<TelemetryOptions>>())))
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Name).AddMeter("System.Runtime")
                .AddView(static instrument => Unused.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null));
        if (otlp)
        {
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter());
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
            builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
        }

        if (azure)
        {
            // Without logs: the host already relays them, with the invocation that they belong to.
            telemetry.WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(Configure));
            telemetry.WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Configure));
        }

        void Configure(AzureMonitorExporterOptions options)
        {
            // By default the exporter's own sampler lets five traces a second through, and drops failures with the rest.
            options.TracesPerSecond = null;
            options.SamplingRatio = 1;
            options.ConnectionString = builder.Configuration[AzureMonitor];
            options.Credential = string.IsNullOrEmpty(builder.Configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"])
                ? null
                : new DefaultAzureCredential();
        }
    }
}
