using System.Diagnostics;
using System.Reflection;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>A program that uses a server SDK: the samples, and scripts of tests.</summary>
internal sealed class SdkProgram : IDisposable
{
    private readonly Process process;

    private SdkProgram(Process process) => this.process = process;

    public static string Folder { get; } = typeof(SdkProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Vox.FunctionTests.ServerSdk").Value!;

    public static SdkProgram Start(string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            WorkingDirectory = Path.Combine(Folder, folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new SdkProgram(Process.Start(start)!);
    }

    /// <summary>Waits for a line with this text.</summary>
    public async Task<string> LineWithAsync(string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("It has ended: " + await process.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Everything that it says, once it has ended well.</summary>
    public async Task<string> EndAsync(string input = "")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await errors + await output);
        return await output;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    public static async Task<TestServer> ServerAsync(Backends backends, params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        if (users.Length > 0)
        {
            await server.UpsertAsync(users);
        }

        return server;
    }
}
