using System.Diagnostics;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Build;

/// <summary>Builds that run at the same time want the same packages and the same output. One build makes them, the others wait.</summary>
public sealed class OnceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vox-once").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Once_SeveralAtTheSameTime_OneWorksAndTheOthersFindItDone()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RunAsync()));

        Assert.All(runs, run => Assert.Equal("done", run.Trim()));
        Assert.Equal(["begin", "end"], await File.ReadAllLinesAsync(Path.Combine(folder, "log")));
    }

    [Fact]
    public async Task Once_LockOfAProcessThatWasKilled_IsTaken()
    {
        using var gone = Process.Start(
            new ProcessStartInfo("node", ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await gone.WaitForExitAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "lock"), $"{gone.Id}");

        Assert.Equal("done", (await RunAsync()).Trim());
    }

    private async Task<string> RunAsync()
    {
        var once = new Uri(Path.Combine(LocalPaths.Repository, "functions", "build", "once.mjs"));
        var script = $$"""
            import { appendFileSync, existsSync, writeFileSync } from "node:fs";
            import { setTimeout } from "node:timers/promises";
            import { once } from "{{once}}";
            await once("lock", () => existsSync("stamp"), async () => {
              appendFileSync("log", "begin\n");
              await setTimeout(300);
              writeFileSync("stamp", "");
              appendFileSync("log", "end\n");
            });
            console.log(existsSync("stamp") ? "done" : "not done");
            """;
        using var process = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "--eval", script])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
