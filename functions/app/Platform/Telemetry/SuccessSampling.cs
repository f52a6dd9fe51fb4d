using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace Vox.Platform.Telemetry;

/// <summary>
/// Exports every span that failed, and a share of the traces that did not. A sampler could not do that: it decides before it is known how
/// the span ends.
/// </summary>
internal sealed class SuccessSampling(IOptions<TelemetryOptions> options) : BaseProcessor<Activity>
{
    // Azure Monitor's name for it: one span stands for 100 / rate. Failures stand for themselves. The alerts and the workbook count so.
    private const string SampleRate = "microsoft.sample_rate";

    private readonly double percent = options.Value.SuccessPercent;

    public override void OnEnd(Activity data)
    {
        if (data.Status == ActivityStatusCode.Error)
        {
            data.SetTag(SampleRate, 100.0);
        }
        else if (IsKept(data.TraceId))
        {
            data.SetTag(SampleRate, percent);
        }
        else
        {
            // Exporters skip what is not recorded.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>By the trace's id, so that all processes keep or drop the same traces.</summary>
    private bool IsKept(ActivityTraceId trace)
    {
        Span<byte> bytes = stackalloc byte[16];
        trace.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) <= percent / 100.0 * ulong.MaxValue;
    }
}
