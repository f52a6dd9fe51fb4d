using Microsoft.Extensions.Configuration;

namespace Vox.DevHost;

/// <summary>Recognises a process that a real Functions host (Azure's or that of Core Tools) has started: it says where it listens.</summary>
internal static class FunctionsHostStart
{
    // The host passes them as arguments; the second form is how the worker knows them.
    private static readonly string[] Settings = ["functions-uri", "functions-worker-id", "Functions:Worker:HostEndpoint"];

    public static bool IsIn(IConfiguration configuration) => Array.Exists(Settings, name => !string.IsNullOrEmpty(configuration[name]));
}
