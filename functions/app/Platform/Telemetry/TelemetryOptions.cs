using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Telemetry;

/// <summary>How much telemetry leaves the process. Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>
    /// Percent of the traces without an error that are exported: all their spans or none. Spans with an error, and metrics, always are.
    /// 0.01–100, default 100; the deployment sets 10.
    /// </summary>
    [Range(0.01, 100)]
    public double SuccessPercent { get; set; } = 100;
}
