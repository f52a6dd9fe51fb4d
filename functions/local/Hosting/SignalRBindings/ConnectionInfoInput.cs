using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>Makes what a client needs to connect. A host-side binding: when it fails, neither middleware nor function runs.</summary>
internal sealed partial class ConnectionInfoInput(IConfiguration configuration, TimeProvider time)
{
    public void Bind(Invocation invocation)
    {
        foreach (var (index, attribute) in invocation.Function.ConnectionInfos)
            invocation.Arguments[index] = Create(attribute, invocation.Http);
    }

    private SignalRConnectionInfo Create(SignalRConnectionInfoInputAttribute attribute, HttpContext? http)
    {
        if (attribute.IdToken is not null || attribute.ClaimTypeList is not null)
            throw new NotSupportedException("IdToken and ClaimTypeList are not supported by the local runtime.");

        var connection = SignalRConnection.Get(configuration, attribute.ConnectionStringSetting);
        var hub = attribute.HubName?.ToLowerInvariant() ?? throw new InvalidOperationException("[SignalRConnectionInfoInput] needs a HubName.");
        var userId = attribute.UserId is { } expression ? Resolve(expression, http!.Request) : null;
        return new SignalRConnectionInfo
        {
            Url = $"{connection.Endpoint}/client/?hub={hub}",
            // Without the port, as the official extension does: services accept both.
            AccessToken = connection.CreateToken($"{connection.Host}/client/?hub={hub}", time.GetUtcNow(), userId),
        };
    }

    private static string Resolve(string expression, HttpRequest request) => BindingExpression().Replace(expression, match =>
    {
        var name = match.Groups["name"].Value;
        var value = match.Groups["source"].Value.Equals("query", StringComparison.OrdinalIgnoreCase)
            ? request.Query[name]
            : request.Headers[name];
        return (string?)value ?? throw new InvalidOperationException($"The binding expression {match.Value} has no value.");
    });

    [GeneratedRegex(@"\{(?<source>query|headers)\.(?<name>[^}]+)\}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BindingExpression();
}
