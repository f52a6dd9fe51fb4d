namespace Vox.Local.Hosting;

/// <summary>Recognises a start by a Functions host, which needs a build against the official packages.</summary>
internal static class AzureHostGuard
{
    private static readonly string[] HostArguments = ["--functions-uri", "--functions-worker-id"];
    private static readonly string[] HostVariables = ["FUNCTIONS_URI", "Functions__Worker__HostEndpoint", "Functions:Worker:HostEndpoint"];

    public static void ThrowIfStartedByHost(string[] args)
    {
        if (IsHostStart(args, Environment.GetEnvironmentVariable))
        {
            throw new InvalidOperationException(
                "This build runs without a Functions host. For Azure and Core Tools, build it with: "
                + "FunctionsHost=Azure dotnet publish functions/app -o out");
        }
    }

    public static bool IsHostStart(string[] args, Func<string, string?> variable) =>
        args.Any(a => HostArguments.Any(h =>
            a.Equals(h, StringComparison.OrdinalIgnoreCase) || a.StartsWith(h + "=", StringComparison.OrdinalIgnoreCase)))
        || HostVariables.Any(v => !string.IsNullOrEmpty(variable(v)));
}
