using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Operations.Diagnostics;

/// <summary>Reads one row, without retries, and puts storage's answer into words.</summary>
public sealed class StorageProbe(StorageClients storage, StorageAdvice advice, IOptions<StorageOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Storage refuses signed requests when the clocks differ by more than 15 minutes. Tokens suffer before that.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(2);

    public async Task<(HealthLevel Level, string? Problem)> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (serverTime, exists) = await storage.ProbeAsync("projects", limit.Token);
            if (!exists && !options.Value.CreateTables)
            {
                return (HealthLevel.Unavailable, advice.Missing());
            }

            var skew = serverTime is { } theirs ? time.GetUtcNow() - theirs : TimeSpan.Zero;
            return skew.Duration() < MaxSkew
                ? (HealthLevel.Ok, null)
                : (HealthLevel.Degraded, $"The clock of this machine is {Math.Round(skew.Duration().TotalMinutes)} minutes "
                    + $"{(skew > TimeSpan.Zero ? "ahead of" : "behind")} the storage service's: have it set by NTP; "
                    + "from 15 minutes on requests are refused.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (HealthLevel.Unavailable, advice.Explain(e));
        }
    }
}
