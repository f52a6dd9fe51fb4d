using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vox.Tests.Fixture;

/// <summary>The app as a process of its own, which can be killed.</summary>
public sealed partial class VoxProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string[]> output;

    private VoxProcess(Process process, Uri address, Task<string[]> output)
    {
        (this.process, this.output) = (process, output);
        Address = address;
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>Bytes of memory that it holds now.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>The most bytes of memory that it has held since it was started.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    public static Task<VoxProcess> StartAsync(Backends backends, string tablePrefix, params IEnumerable<string> settings) =>
        StartAsync([.. VoxApp.Settings(backends, tablePrefix), .. settings.Select(s => "--" + s)]);

    /// <summary>Starts the app as a developer does who has set nothing: with its own storage and SignalR service.</summary>
    /// <param name="data">The folder of what it keeps.</param>
    /// <param name="settings">Settings as <c>Section:Name=value</c>.</param>
    public static Task<VoxProcess> StartByItselfAsync(string data, params IEnumerable<string> settings) =>
        StartAsync(settings.Select(s => "--" + s), ("VOX_DATA", data));

    /// <summary>Starts another build of the app, such as that of an earlier release.</summary>
    /// <param name="assembly">The build's VoxFunctions.dll.</param>
    public static Task<VoxProcess> StartOfAsync(string assembly, Backends backends, string tablePrefix) =>
        StartAsync(assembly, VoxApp.Settings(backends, tablePrefix));

    private static Task<VoxProcess> StartAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        StartAsync(typeof(Program).Assembly.Location, arguments, environment);

    private static async Task<VoxProcess> StartAsync(
        string assembly, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments.Append("--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var output = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Add(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                // Read on, or the process would block on a full pipe.
                return new VoxProcess(
                    process,
                    new Uri(match.Groups[1].Value),
                    Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));
            }
        }

        throw new InvalidOperationException(
            $"The app did not start: {string.Join('\n', output)} {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Ends it like <c>kill -9</c>: nothing is flushed, and nobody is told.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Kills it, and returns all that it has logged.</summary>
    public async Task<string> KillAndReadLogAsync()
    {
        await KillAsync();
        return string.Concat(await output);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
