namespace Vox.SignalREmulation;

/// <summary>Starts the emulator alone: <c>dotnet run --project functions/signalr-emulator -- --port 8888</c>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => EmulatorCommand.RunAsync(args);
}
