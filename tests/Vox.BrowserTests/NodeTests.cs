using System.Diagnostics;
using System.Reflection;
using Vox.Tests.Fixture;

namespace Vox.Tests;

/// <summary>The SDK outside of browsers.</summary>
public sealed class NodeTests(Backends backends)
{
    private static readonly string Folder = typeof(NodeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "Vox.WebSdkFolder").Value!;

    [Fact]
    public async Task NpmTest_UnitTestsOfTheSdk_AllPass()
    {
        var (code, output) = await RunAsync("build/test.mjs");

        Assert.True(code == 0, output);
        Assert.Contains("# fail 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernApi_InNode_SendsAndReceives()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var script = Path.Combine(Directory.CreateTempSubdirectory("vox-node").FullName, "chat.mjs");
        await File.WriteAllTextAsync(script, $$"""
            import { ChatClient, ConnectionState } from "{{new Uri(Path.Combine(Folder, "dist", "js", "calmsdk.mjs"))}}";
            const options = { server: "{{backends.App.Address}}", projectId: "{{project.Id}}" };
            const [alice, bob] = [new ChatClient(options), new ChatClient(options)];
            const came = new Promise(resolve => bob.on("message", resolve));
            const delivered = new Promise(resolve => alice.on("receipt", r => r.deliveredIds.length && resolve(r)));
            const online = new Promise(resolve => bob.on("state", s => s === ConnectionState.Online && resolve()));
            await Promise.all([alice.logIn("alice", "secret"), bob.logIn("bob", "secret")]);
            await online;
            const sent = alice.send({ to: "bob", data: "Hello from Node" });
            const accepted = await sent.accepted;
            const message = await came;
            const receipt = await delivered;
            console.log(JSON.stringify([accepted.sequence, message.data, message.mine, receipt.deliveredIds[0] === sent.id]));
            await Promise.all([alice.logOut(), bob.logOut()]);
            process.exit(0);
            """);

        var (code, output) = await RunAsync(script);

        Assert.True(code == 0, output);
        Assert.Contains("[1,\"Hello from Node\",false,true]", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["--no-warnings", script])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var outputs = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(outputs));
    }
}
