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
        var problems = Problems().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
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
