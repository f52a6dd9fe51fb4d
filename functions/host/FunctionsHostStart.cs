using Microsoft.Extensions.Configuration;

namespace Vox.DevHost;

/// <summary>
/// Recognises a process that a real Functions host (Azure's or Core Tools') has started: that host tells it where the host listens.
/// </summary>
internal static class FunctionsHostStart
{
    // The host passes the first two as arguments. The third is the name by which the worker knows the address.
    private static readonly string[] Settings = ["functions-uri", "functions-worker-id", "Functions:Worker:HostEndpoint"];

    public static bool IsIn(IConfiguration configuration) => Array.Exists(Settings, name => !string.IsNullOrEmpty(configuration[name]));
}
