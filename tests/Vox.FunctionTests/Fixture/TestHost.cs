using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Extensions.DependencyInjection;
using Vox.DevHost;

namespace Vox.Tests.Fixture;

/// <summary>
/// The app's builder with the development host, in a process whose entry assembly is another one. The worker looks for what the Functions SDK
/// has generated into the app in the entry assembly alone, so here it is handed over: list of functions, their calls, start of the host.
/// </summary>
public static class TestHost
{
    // No file watchers: each costs an inotify instance, and tests start many apps.
    static TestHost() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

    public static FunctionsApplicationBuilder CreateBuilder(IEnumerable<string> arguments)
    {
        var builder = Program.CreateBuilder([.. arguments]);
        DevelopmentHost.AddTo(builder.Services);
        builder.Services.AddSingleton<IFunctionMetadataProvider, GeneratedFunctionMetadataProvider>();
        builder.Services.AddSingleton<IFunctionExecutor, DirectFunctionExecutor>();
        return builder;
    }
}
