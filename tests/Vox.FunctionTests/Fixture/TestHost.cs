using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Extensions.DependencyInjection;
using Vox.DevHost;

namespace Vox.Tests.Fixture;

/// <summary>
/// The app's builder with the development host, in a process that has another entry assembly. The worker looks only in the entry assembly
/// for what the Functions SDK has generated into the app. So that is handed over here: the list of functions, how they are called, and the
/// start of the host.
/// </summary>
public static class TestHost
{
    // No file watchers: each costs an inotify instance, and tests start many apps.
    static TestHost() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

    /// <summary>The names of the app's timer functions.</summary>
    public static IReadOnlyList<string> Timers { get; } =
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute), inherit: false))
           select method.GetCustomAttributes(typeof(FunctionAttribute), inherit: false).Cast<FunctionAttribute>().Single().Name,
    ];

    public static FunctionsApplicationBuilder CreateBuilder(IEnumerable<string> arguments)
    {
        var builder = Program.CreateBuilder([.. arguments]);
        DevelopmentHost.AddTo(builder.Services);
        builder.Services.AddSingleton<IFunctionMetadataProvider, GeneratedFunctionMetadataProvider>();
        builder.Services.AddSingleton<IFunctionExecutor, DirectFunctionExecutor>();
        return builder;
    }
}
