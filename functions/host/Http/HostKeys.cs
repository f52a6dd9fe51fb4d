using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Vox.DevHost.Http;

/// <summary>Keys that callers of non-anonymous functions present. Constants by default: only this machine can reach the app.</summary>
internal sealed class HostKeys(IConfiguration configuration)
{
    public const string DefaultSignalRKey = "local-signalr-key";

    private readonly string function = configuration["Host:FunctionKey"] ?? "local-function-key";
    private readonly string master = configuration["Host:MasterKey"] ?? "local-master-key";
    private readonly string signalR = configuration["Host:SignalRExtensionKey"] ?? DefaultSignalRKey;

    public static string? Presented(HttpRequest request) =>
        request.Headers.TryGetValue("x-functions-key", out var header) ? header : (string?)request.Query["code"];

    public bool Allows(KeyLevel level, HttpRequest request) => level switch
    {
        KeyLevel.Anonymous => true,
        KeyLevel.User or KeyLevel.Function => IsKnown(Presented(request)),
        _ => IsMaster(Presented(request)),
    };

    public bool IsKnown(string? key) => IsMaster(key) || string.Equals(key, function, StringComparison.Ordinal);

    public bool IsMaster(string? key) => string.Equals(key, master, StringComparison.Ordinal);

    public bool IsSignalR(string? key) => IsMaster(key) || string.Equals(key, signalR, StringComparison.Ordinal);
}
