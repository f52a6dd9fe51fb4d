using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Vox.DevHost.Rpc;

namespace Vox.DevHost;

/// <summary>Prints what the worker and the app log: the worker has no console of its own and sends its lines to the host.</summary>
internal sealed class HostConsole : IDisposable
{
    private readonly ILoggerFactory lines = LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Trace).AddConsole(options => options.FormatterName = HostConsoleFormatter.FormatterName);
        logging.AddConsoleFormatter<HostConsoleFormatter, ConsoleFormatterOptions>();
        logging.Services.AddSingleton(TimeProvider.System);
    });

    public void Write(RpcLog line)
    {
        var text = line.Exception is { } e
            ? $"{line.Message}{Environment.NewLine}{e.Type} {e.Message}{Environment.NewLine}{e.StackTrace}"
            : line.Message;
        var id = int.TryParse(line.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new EventId(number)
            : new EventId(0, line.EventId.Length == 0 ? null : line.EventId);
        // The app's settings have already filtered its lines. Of the worker's own, all arrive.
        var least = line.LogCategory == RpcLog.Types.Category.User ? RpcLog.Types.Level.Trace : RpcLog.Types.Level.Information;
        if (line.Level >= least && line.Level != RpcLog.Types.Level.None && line.LogCategory != RpcLog.Types.Category.CustomMetric)
        {
            lines.CreateLogger(line.Category).Log((LogLevel)line.Level, id, text, exception: null, static (state, _) => state);
        }
    }

    public void Dispose() => lines.Dispose();
}
