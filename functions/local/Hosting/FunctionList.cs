using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vox.Local.Hosting.Http;

namespace Vox.Local.Hosting;

/// <summary>Prints every function with its methods and address once the app listens, as Core Tools do.</summary>
internal static partial class FunctionList
{
    public static void Write(WebApplication app, IReadOnlyList<FunctionDescriptor> functions, RouteTable routes)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Functions");
        var address = app.Urls.FirstOrDefault();
        foreach (var function in functions)
        {
            if (function.Http is { } http)
                HttpFunction(logger, function.Name, Methods(http.Methods), $"{address}/{routes.TemplateOf(function)}");
            else
                OtherFunction(logger, function.Name, function.TriggerName);
        }
    }

    private static string Methods(string[]? methods) =>
        methods is { Length: > 0 } ? string.Join(',', methods).ToUpperInvariant() : "ANY";

    [LoggerMessage(9000, LogLevel.Information, "{Function}: [{Methods}] {Address}")]
    private static partial void HttpFunction(ILogger logger, string function, string methods, string address);

    [LoggerMessage(9001, LogLevel.Information, "{Function}: {Trigger}")]
    private static partial void OtherFunction(ILogger logger, string function, string trigger);
}
