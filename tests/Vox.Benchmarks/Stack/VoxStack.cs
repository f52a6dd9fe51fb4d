using System.Diagnostics;
using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.DevHost.DevTools;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks.Stack;

/// <summary>Azurite, the emulator and one or more app processes on one store. The processor time of each is measured separately.</summary>
internal sealed class VoxStack : IAsyncDisposable
{
    private readonly List<AzuriteProcess> azurites;
    private readonly ChildProcess emulator;
    private readonly List<AppProcess> apps = [];
    private readonly List<string> projects = [];

    private VoxStack(List<AzuriteProcess> azurites, ChildProcess emulator) => (this.azurites, this.emulator) = (azurites, emulator);

    public IReadOnlyList<AppProcess> Apps => apps;

    public AppProcess App => apps[0];

    /// <summary>
    /// Starts without limits per user and project, because the limits have tests of their own. Password hashes are cheap unless the
    /// settings say otherwise.
    /// </summary>
    /// <param name="accounts">The number of storage accounts. Each of them is an Azurite.</param>
    public static async Task<VoxStack> StartAsync(IEnumerable<string>? settings = null, int processes = 1, int accounts = 1)
    {
        var azurites = new List<AzuriteProcess>();
        for (var i = 0; i < accounts; i++)
        {
            azurites.Add(await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None));
        }

        var stack = new VoxStack(azurites, await ChildProcess.StartAsync(EmulatorRole.Name, []));
        var prefix = VoxApp.NewTablePrefix();
        for (var i = 0; i < processes; i++)
        {
            stack.apps.Add(await AppProcess.StartAsync(
            [
                .. VoxApp.Settings(azurites[0].ConnectionString, stack.emulator.Greeting, prefix),
                "--Limits:ProjectPerSecond=1000000", "--Limits:ProjectBurst=1000000",
                .. accounts > 1
                    ? ["--Storage:ProjectAccounts=" + string.Join(' ', azurites.Skip(1).Select(a => a.ConnectionString))]
                    : Array.Empty<string>(),
                .. settings ?? [],
            ]));
        }

        await stack.emulator.AskAsync("upstream " + string.Join(
            ' ', stack.apps.Select(app => new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key"))));
        return stack;
    }

    public async Task<BenchProject> CreateProjectAsync(string name = "Benchmark")
    {
        var project = await App.AskAsync($"project {name}");
        projects.Add(project.GetProperty("Id").GetString()!);
        return new BenchProject(this, project.GetProperty("Id").GetString()!, project.GetProperty("Token").GetString()!);
    }

    /// <summary>Completes when what was sent so far is logged and pushed.</summary>
    public async Task SettleAsync() =>
        await Task.WhenAll(apps.SelectMany(app => projects.Select(project => app.AskAsync($"settle {project}"))));

    /// <summary>Cuts every live connection without a goodbye.</summary>
    public Task DropConnectionsAsync() => emulator.AskAsync("drop");

    public async Task<StackUsage> UsageAsync()
    {
        var all = await Task.WhenAll(apps.Select(app => app.UsageAsync()));
        return new StackUsage(
            all.Aggregate(AppUsage.Zero, (sum, app) => sum.And(app)),
            (await emulator.AskAsync("usage")).Deserialize<EmulatorUsage>()!,
            azurites.Sum(azurite => CpuSeconds(azurite.ProcessId)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        await emulator.DisposeAsync();
        foreach (var azurite in azurites)
        {
            await azurite.DisposeAsync();
        }
    }

    private static double CpuSeconds(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    }
}

/// <summary>What all processes have used since their start. As a difference, what they have used between two moments.</summary>
internal sealed record StackUsage(AppUsage App, EmulatorUsage Emulator, double AzuriteCpuSeconds)
{
    public double CpuSeconds => App.CpuSeconds + Emulator.CpuSeconds + AzuriteCpuSeconds;

    public StackUsage Since(StackUsage before) => new(
        App.Since(before.App),
        new(
            Emulator.CpuSeconds - before.Emulator.CpuSeconds,
            Emulator.Sends - before.Emulator.Sends,
            Emulator.Outbound - before.Emulator.Outbound,
            Emulator.Connections),
        AzuriteCpuSeconds - before.AzuriteCpuSeconds);
}
