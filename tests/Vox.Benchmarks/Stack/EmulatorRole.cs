using Vox.SignalREmulation;

namespace Vox.Benchmarks.Stack;

/// <summary>The SignalR emulator in a process of its own.</summary>
internal static class EmulatorRole
{
    public const string Name = "role-emulator";

    public static async Task RunAsync()
    {
        await using var emulator = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        await ChildRole.ServeAsync(emulator.ConnectionString, words => Task.FromResult<object>(words switch
        {
            ["upstream", .. var urls] => Do(() => emulator.SetUpstream(urls)),
            ["drop"] => Do(emulator.DropAllConnections),
            ["usage"] => new EmulatorUsage(
                Environment.CpuUsage.TotalTime.TotalSeconds, emulator.Counters.Sends, emulator.Counters.OutboundMessages,
                emulator.ConnectionCount),
            _ => throw new InvalidOperationException(string.Join(' ', words)),
        }));
    }

    private static object Do(Action action)
    {
        action();
        return true;
    }
}

/// <param name="Outbound">Copies handed to connections. This is what the service counts.</param>
internal sealed record EmulatorUsage(double CpuSeconds, long Sends, long Outbound, int Connections);
