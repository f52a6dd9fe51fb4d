using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Chat.Realtime;

/// <summary>
/// Checks the SignalR settings as far as possible without asking the service. No settings at all are allowed: nothing is pushed.
/// </summary>
internal sealed class RealtimeSettings(IConfiguration configuration) : IValidateOptions<RealtimeOptions>
{
    public ValidateOptionsResult Validate(string? name, RealtimeOptions options)
    {
        var problems = Problems().Concat(Upstream(options)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Half a setting would leave events unchecked, or refuse all of them.</summary>
    private static IEnumerable<string> Upstream(RealtimeOptions options)
    {
        string?[] set = [options.UpstreamIdentity, options.UpstreamTenant, options.UpstreamAudience];
        if (set.Any(string.IsNullOrWhiteSpace) && !set.All(string.IsNullOrWhiteSpace))
        {
            yield return "Realtime__UpstreamIdentity, Realtime__UpstreamTenant and Realtime__UpstreamAudience belong together: "
                + "set all or none.";
        }

        if (set.Take(2).Any(id => !string.IsNullOrWhiteSpace(id) && !Guid.TryParse(id, out _)))
        {
            yield return "Realtime__UpstreamIdentity and Realtime__UpstreamTenant are ids such as 00000000-0000-0000-0000-000000000000.";
        }

        if (options.UpstreamAuthority is not { IsAbsoluteUri: true } authority
            || (authority.Scheme != System.Uri.UriSchemeHttps && !authority.IsLoopback))
        {
            yield return "Realtime__UpstreamAuthority is no https address: it looks like https://login.microsoftonline.com.";
        }
    }

    private IEnumerable<string> Problems()
    {
        const string Setting = RealtimeOptions.ConnectionSetting;
        var text = configuration[Setting];
        var uri = configuration[Setting + ":serviceUri"];
        if (!string.IsNullOrWhiteSpace(text) && !string.IsNullOrWhiteSpace(uri))
        {
            yield return $"{Setting} and {Setting}__serviceUri are both set: keep the first for access by key, "
                + "or the second for access by identity.";
        }

        if (!string.IsNullOrWhiteSpace(uri) && !System.Uri.TryCreate(uri, UriKind.Absolute, out _))
        {
            yield return $"{Setting}__serviceUri is not an address: it looks like https://NAME.service.signalr.net.";
        }

        if (!string.IsNullOrWhiteSpace(text) && WrongWith(text) is { } problem)
        {
            yield return problem;
        }
    }

    private static string? WrongWith(string text)
    {
        try
        {
            return SignalRConnection.Parse(text).AccessKey is null && !text.Contains("AuthType=", StringComparison.OrdinalIgnoreCase)
                ? $"{RealtimeOptions.ConnectionSetting} has no AccessKey: copy it again from the SignalR service's page Keys, "
                    + "or use __serviceUri for access by identity."
                : null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return e is FormatException ? $"{RealtimeOptions.ConnectionSetting} has a Port that is no number." : e.Message;
        }
    }
}
