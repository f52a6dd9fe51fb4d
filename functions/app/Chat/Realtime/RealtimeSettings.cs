using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Chat.Realtime;

/// <summary>
/// Checks the SignalR settings as far as possible without asking the service. No settings at all are allowed: nothing is pushed.
/// </summary>
internal sealed class RealtimeSettings(IConfiguration configuration) : IValidateOptions<RealtimeOptions>
{
    private const int MaxService = 99;

    public ValidateOptionsResult Validate(string? name, RealtimeOptions options)
    {
        var problems = Problems().Concat(Upstream(options)).Concat(Services(options)).ToList();
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

    private IEnumerable<string> Services(RealtimeOptions options)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var first = Find(configuration[RealtimeOptions.ConnectionSetting])
            ?? Find(configuration[RealtimeOptions.ConnectionSetting + ":serviceUri"]);
        foreach (var (number, text) in options.Services.Where(service => !string.IsNullOrWhiteSpace(service.Value)))
        {
            var setting = $"Realtime__Services__{number}";
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > MaxService)
            {
                yield return $"{setting}: services are numbered from 0 to {MaxService}.";
            }
            else if (Find(text) is not { } service)
            {
                yield return (text.Contains('=', StringComparison.Ordinal) ? WrongWith(setting, text) : null)
                    ?? $"{setting} is neither a connection string nor an address such as https://NAME.service.signalr.net.";
            }
            else if (first is null)
            {
                yield return $"{setting} is set, but {RealtimeOptions.ConnectionSetting} is not: that is service 0, which the host needs.";
            }
            else if (n == 0 && service != first)
            {
                yield return $"{setting} differs from {RealtimeOptions.ConnectionSetting}, which is service 0: name one service.";
            }
            else if (n > 0 && (service.Authority == first.Authority || !known.TryAdd(service.Authority, setting)))
            {
                yield return $"{setting} names a service that another number has already.";
            }
            else if (n > 0 && (service.AccessKey is null) != (first.AccessKey is null))
            {
                yield return $"{setting}: access to all services is by key, or to all by identity. Otherwise the host checks no event.";
            }
            else if (n > 0 && service.AccessKey is not null && !HostEndpoints().Contains(service))
            {
                // The host checks the signatures of events, and takes keys only from its own settings.
                yield return $"{setting}: set Azure__SignalR__Endpoints__{number} to the same connection string. "
                    + "The host refuses the events of a service that it does not know.";
            }
        }
    }

    private IEnumerable<SignalRConnection?> HostEndpoints() =>
        configuration.GetSection("Azure:SignalR:Endpoints").GetChildren().Select(endpoint => Find(endpoint.Value));

    /// <returns>Null when there is none, or it makes no sense.</returns>
    private static SignalRConnection? Find(string? text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : SignalRConnection.Of(text);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return null;
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

        if (!string.IsNullOrWhiteSpace(text) && WrongWith(Setting, text) is { } problem)
        {
            yield return problem;
        }
    }

    private static string? WrongWith(string setting, string text)
    {
        try
        {
            return SignalRConnection.Parse(text).AccessKey is null && !text.Contains("AuthType=", StringComparison.OrdinalIgnoreCase)
                ? $"{setting} has no AccessKey: copy it again from the SignalR service's page Keys, "
                    + "or name its endpoint for access by identity."
                : null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return e is FormatException ? $"{setting} has a Port that is no number." : $"{setting}: {e.Message}";
        }
    }
}
