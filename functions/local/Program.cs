using Vox.Local.SignalR;

namespace Vox.Local;

/// <summary>Development tools that run by themselves: <c>dotnet run --project functions/local -- COMMAND</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [EmulatorCommand.Name, .. var arguments])
            return await EmulatorCommand.RunAsync(arguments);
        await Console.Error.WriteLineAsync($"Usage: dotnet run --project functions/local -- {EmulatorCommand.Usage}");
        return 2;
    }
}
