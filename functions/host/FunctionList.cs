using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vox.DevHost.Http;

namespace Vox.DevHost;

/// <summary>
/// Prints where the app listens, and with <c>VOX_VERBOSE=1</c> every function with its methods and address, as Core Tools do: it is a long
/// list, and what most people want to see comes after it.
/// </summary>
// It uses the app's logging, which the worker sends to the host's console, so that these lines keep their place among the app's own.
internal sealed partial class FunctionList(
    IServiceProvider services, HttpDispatcher dispatcher, IConfiguration configuration, ILoggerFactory loggers)
{
    private readonly ILogger logger = loggers.CreateLogger("Functions");

    private string? Address => services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public void Print(IReadOnlyCollection<FunctionDescriptor> functions)
    {
        // Also finds routes that cannot work, before anybody calls them.
        var routes = dispatcher.Routes;
        if (configuration["VOX_VERBOSE"] is not { Length: > 0 } verbose || verbose is "0" or "false")
        {
            Counted(logger, functions.Count);
            return;
        }

        foreach (var function in functions)
        {
            if (function.Http is { } http)
            {
                HttpFunction(logger, function.Name, Methods(http.Methods), $"{Address}/{routes.TemplateOf(function)}");
            }
            else
            {
                OtherFunction(logger, function.Name, function.TriggerType);
            }
        }
    }

    public void Ready() => IsReady(logger, Address);

    private static string Methods(string[] methods) => methods.Length > 0 ? string.Join(',', methods).ToUpperInvariant() : "ANY";

    [LoggerMessage(9000, LogLevel.Information, "{Function}: [{Methods}] {Address}")]
    private static partial void HttpFunction(ILogger logger, string function, string methods, string address);

    [LoggerMessage(9001, LogLevel.Information, "{Function}: {Trigger}")]
    private static partial void OtherFunction(ILogger logger, string function, string trigger);

    [LoggerMessage(9003, LogLevel.Information, "{Count} functions. VOX_VERBOSE=1 lists them.")]
    private static partial void Counted(ILogger logger, int count);

    [LoggerMessage(9002, LogLevel.Information, "Ready at {Address}. Ctrl-C stops it.")]
    private static partial void IsReady(ILogger logger, string? address);
}
