using Microsoft.AspNetCore.Http;

namespace Vox.SignalREmulation;

/// <summary>
/// A parsed data-plane request: <c>/api/hubs/{hub}/{Path}?api-version=…</c>, or the older <c>/api/v1/hubs/{hub}/{Path}</c>, which has
/// no <c>:send</c> and answers 202 where the newer one answers 200 or 204.
/// </summary>
internal sealed record RestCall(string Hub, string[] Path, bool IsV1)
{
    private static readonly string[] Versions = ["2022-06-01", "2022-11-01", "2023-07-01", "2024-12-01"];

    public static RestCall? TryParse(string[] segments) => segments switch
    {
        ["api", "v1", "hubs", var hub, .. var path] => new(hub, Ordered(path), IsV1: true),
        ["api", "hubs", var hub, .. var path] => new(hub, Ordered(path), IsV1: false),
        _ => null,
    };

    /// <summary>Null if the request is well formed.</summary>
    public string? FindProblem(IQueryCollection query)
    {
        if (!SignalRLimits.IsHubName(Hub))
        {
            return "The hub name is invalid.";
        }

        if (!IsV1 && !Versions.Contains(query["api-version"].ToString(), StringComparer.Ordinal))
        {
            return $"'api-version' is missing or not one of {string.Join(", ", Versions)}.";
        }

        for (var i = 0; i + 1 < Path.Length; i++)
        {
            if (string.Equals(Path[i], "groups", StringComparison.Ordinal) && !SignalRLimits.IsGroupName(Path[i + 1]))
            {
                return $"A group name has 1 to {SignalRLimits.MaxGroupNameLength} characters, not only white space.";
            }
        }
        return query.TryGetValue("ttl", out var ttl) && !(int.TryParse(ttl, out var seconds) && seconds >= 0)
            ? "'ttl' is not a number of seconds."
            : null;
    }

    public static TimeSpan? TimeToLive(IQueryCollection query)
        => query.TryGetValue("ttl", out var ttl) ? TimeSpan.FromSeconds(int.Parse(ttl.ToString())) : null;

    // Each membership has two spellings; from here on there is one.
    private static string[] Ordered(string[] path) => path switch
    {
        ["groups", var group, "users", var user] => ["users", user, "groups", group],
        ["connections", var id, "groups", var group] => ["groups", group, "connections", id],
        _ => path,
    };
}
