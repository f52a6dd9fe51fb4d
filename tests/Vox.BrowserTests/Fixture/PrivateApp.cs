using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.People;
using Vox.DevHost.DevTools;
using Vox.SignalREmulation;

namespace Vox.Tests.Fixture;

/// <summary>An app process and an emulator for one test alone, which may break them.</summary>
public sealed class PrivateApp : IAsyncDisposable
{
    private readonly Backends backends;
    private readonly string tablePrefix = VoxApp.NewTablePrefix();
    private readonly string[] settings;
    private readonly MovingClock clock;
    private VoxProcess? process;

    private PrivateApp(Backends backends, SignalREmulator signalR, MovingClock clock, string[] settings)
    {
        (this.backends, SignalR, this.clock) = (backends, signalR, clock);
        var port = FreePort.Find();
        Address = new Uri($"http://127.0.0.1:{port}");
        this.settings = [.. settings, $"VOX_PORT={port}", $"AzureSignalRConnectionString={signalR.ConnectionString}"];
    }

    public Uri Address { get; }

    internal SignalREmulator SignalR { get; }

    /// <param name="upstream">Whether the service's events reach the app.</param>
    public static async Task<PrivateApp> StartAsync(Backends backends, bool upstream = true, params string[] settings)
    {
        var clock = new MovingClock();
        var signalR = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, TimeProvider = clock }, CancellationToken.None);
        var app = new PrivateApp(backends, signalR, clock, settings);
        if (upstream)
        {
            app.SignalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        }

        await app.StartAsync();
        return app;
    }

    public async Task StartAsync() => process = await VoxProcess.StartAsync(backends, tablePrefix, settings);

    /// <summary>Kills the app like <c>kill -9</c> and starts it again at the same address.</summary>
    public async Task RestartAsync(TimeSpan down)
    {
        await process!.KillAsync();
        await Task.Delay(down);
        await StartAsync();
    }

    /// <summary>A project with these users, whose password is <c>secret</c>.</summary>
    public async Task<TestProject> CreateProjectAsync(params string[] users)
    {
        // The process cannot do this from outside, but another app on the same tables can.
        await using var helper = await VoxApp.StartAsync(backends, [], tablePrefix: tablePrefix);
        var project = await helper.CreateProjectAsync();
        foreach (var user in users)
        {
            await project.CreateUserAsync(user);
        }

        return project;
    }

    /// <summary>Acts as if the timer had fired at the given time, which may be in the future.</summary>
    public async Task ExpirePresenceAsync(DateTimeOffset now)
    {
        clock.Advance(now - clock.GetUtcNow());
        await using var helper = await VoxApp.StartAsync(
            backends, settings.Where(s => !s.StartsWith("VOX_PORT", StringComparison.Ordinal)),
            builder => builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(now)), tablePrefix);
        await helper.Get<PresenceService>().ExpireAsync(CancellationToken.None);
        await helper.SettleAsync("");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        await SignalR.DisposeAsync();
    }
}
