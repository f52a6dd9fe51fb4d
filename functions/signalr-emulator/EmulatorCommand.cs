using System.Runtime.InteropServices;

namespace Vox.SignalREmulation;

/// <summary>Runs the emulator alone, so that several app processes can share it.</summary>
internal static class EmulatorCommand
{
    public const string Usage = "Vox.SignalREmulator [--port 8888] [--access-key KEY] [--upstream URL]...";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!TryParse(arguments, out var options, out var problem))
        {
            await Console.Error.WriteLineAsync($"{problem}{Environment.NewLine}Usage: {Usage}");
            return 2;
        }
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await using var emulator = await SignalREmulator.StartAsync(options, CancellationToken.None);
            Console.WriteLine(emulator.ConnectionString);
            await stopped.Task;
            return 0;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }

    internal static bool TryParse(string[] arguments, out SignalREmulatorOptions options, out string? problem)
    {
        options = new SignalREmulatorOptions { Port = 8888 };
        problem = null;
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                problem = $"{arguments[i]} needs a value.";
            }
            else if (arguments[i] is "--port" && ushort.TryParse(arguments[i + 1], out var port))
            {
                options = options with { Port = port };
            }
            else if (arguments[i] is "--access-key")
            {
                options = options with { AccessKey = arguments[i + 1] };
            }
            else if (arguments[i] is "--upstream")
            {
                options = options with { Upstreams = [.. options.Upstreams, arguments[i + 1]] };
            }
            else
            {
                problem = $"Not understood: {arguments[i]} {arguments[i + 1]}";
            }

            if (problem is not null)
            {
                return false;
            }
        }
        return true;
    }
}
