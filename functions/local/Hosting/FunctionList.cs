using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vox.Local.Hosting.Http;

namespace Vox.Local.Hosting;

/// <summary>Prints every function with its methods and address once the app listens, as Core Tools do, and at the very end that it is ready.</summary>
internal sealed partial class FunctionList(
    IServer server, IReadOnlyList<FunctionDescriptor> functions, RouteTable routes, ILoggerFactory loggers) : IHostedLifecycleService
{
    private readonly ILogger _logger = loggers.CreateLogger("Functions");

    private string? Address => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var function in functions)
        {
            if (function.Http is { } http)
                HttpFunction(_logger, function.Name, Methods(http.Methods), $"{Address}/{routes.TemplateOf(function)}");
            else
                OtherFunction(_logger, function.Name, function.TriggerName);
        }

        return Task.CompletedTask;
    }

    public void Ready() => IsReady(_logger, Address);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Methods(string[]? methods) =>
        methods is { Length: > 0 } ? string.Join(',', methods).ToUpperInvariant() : "ANY";

    [LoggerMessage(9000, LogLevel.Information, "{Function}: [{Methods}] {Address}")]
    private static partial void HttpFunction(ILogger logger, string function, string methods, string address);

    [LoggerMessage(9001, LogLevel.Information, "{Function}: {Trigger}")]
    private static partial void OtherFunction(ILogger logger, string function, string trigger);

    [LoggerMessage(9002, LogLevel.Information, "Ready at {Address}. Ctrl-C stops it.")]
    private static partial void IsReady(ILogger logger, string? address);
}
