using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.SignalR;

/// <summary>
/// Creates what a client needs to connect. This binding belongs to the host: when it fails, neither middleware nor function runs.
/// </summary>
internal sealed partial class ConnectionInfoInput(IConfiguration configuration, TimeProvider time)
{
    public void Bind(FunctionDescriptor function, HttpRequest http, InvocationRequest invocation)
    {
        foreach (var binding in function.ConnectionInfos)
        {
            invocation.InputData.Add(new ParameterBinding { Name = binding.Name, Data = new TypedData { String = Create(binding, http) } });
        }
    }

    private string Create(ConnectionInfoBinding binding, HttpRequest request)
    {
        if (binding.HasClaims)
        {
            throw new NotSupportedException("IdToken and ClaimTypeList are not supported by the development host.");
        }

        var connection = SignalRConnection.Get(configuration, binding.ConnectionSetting);
        var hub = binding.Hub.ToLowerInvariant();
        var userId = binding.UserId is { } expression ? Resolve(expression, request) : null;
        // The audience has no port, as in the official extension. Services accept both forms.
        var accessToken = connection.CreateToken($"{connection.Host}/client/?hub={hub}", time.GetUtcNow(), userId);
        return JsonSerializer.Serialize(new { url = $"{connection.Endpoint}/client/?hub={hub}", accessToken });
    }

    private static string Resolve(string expression, HttpRequest request) => BindingExpression().Replace(expression, match =>
    {
        var name = match.Groups["name"].Value;
        var value = match.Groups["source"].Value.Equals("query", StringComparison.OrdinalIgnoreCase)
            ? request.Query[name]
            : request.Headers[name];
        return (string?)value ?? throw new InvalidOperationException($"The binding expression {match.Value} has no value.");
    });

    [GeneratedRegex(@"\{(?<source>query|headers)\.(?<name>[^}]+)\}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex BindingExpression();
}
