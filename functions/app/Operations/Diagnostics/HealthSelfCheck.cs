using Vox.Chat.Realtime;
using Vox.Platform.SelfChecks;

namespace Vox.Operations.Diagnostics;

/// <summary>What health knows: the SignalR services, the storage's clock; and who may send the app events.</summary>
internal sealed class HealthSelfCheck(StorageProbe storage, RealtimeProbe realtime, SignalRServices services, UpstreamTokens upstream)
    : ISelfCheck
{
    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var (part, asking) in realtime.Ask())
        {
            findings.Add(Of(part, "The SignalR service accepts the app.", await asking));
        }

        var (level, problem) = await storage.AskAsync();
        if (level != HealthLevel.Unavailable)
        {
            // If storage does not answer, the check of storage says why.
            findings.Add(Of("clock", "The app's clock agrees with the storage's.", (level, problem)));
        }

        if (services.UseIdentity && !upstream.IsConfigured)
        {
            findings.Add(new Finding(
                "signalr upstream", FindingLevel.Warning, "Whoever knows the key in the upstream address can make up events.",
                "Set Realtime__UpstreamIdentity, Realtime__UpstreamTenant and Realtime__UpstreamAudience; infra-bicep does."));
        }

        return findings;
    }

    private static Finding Of(string check, string good, (HealthLevel Level, string? Problem) answer)
    {
        if (answer.Problem is not { } problem)
        {
            return new Finding(check, FindingLevel.Ok, good);
        }

        // "What is wrong: what to do."
        var colon = problem.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0
            ? new Finding(check, FindingLevel.Error, problem)
            : new Finding(
                check, FindingLevel.Error, problem[..colon] + ".", char.ToUpperInvariant(problem[colon + 2]) + problem[(colon + 3)..]);
    }
}
