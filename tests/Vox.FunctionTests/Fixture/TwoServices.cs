using Vox.SignalREmulation;

namespace Vox.Tests.Fixture;

/// <summary>An app with two SignalR services, each an emulator with a key of its own.</summary>
internal sealed class TwoServices : IAsyncDisposable
{
    private TwoServices(SignalREmulator[] services) => Services = services;

    public SignalREmulator[] Services { get; }

    public VoxApp App { get; private set; } = null!;

    /// <summary>The settings of an app that knows both.</summary>
    public IEnumerable<string> Settings => [.. Of(0, Services[0]), .. Of(1, Services[1])];

    /// <param name="time">A clock that only the test moves. The services keep the real one.</param>
    public static async Task<TwoServices> StartAsync(Backends backends, TimeProvider? time = null)
    {
        var services = await Task.WhenAll(Enumerable.Range(0, 2).Select(number => SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, AccessKey = $"{number}{SignalREmulatorOptions.DevelopmentKey}" },
            CancellationToken.None)));
        var two = new TwoServices(services);
        two.App = time is null
            ? await VoxApp.StartAsync(backends, two.Settings)
            : await VoxApp.StartAsync(backends, time, two.Settings);
        two.ReportTo(two.App.Address);
        return two;
    }

    /// <summary>Both services tell these apps, in turn, what clients do.</summary>
    public void ReportTo(params IEnumerable<Uri> apps)
    {
        foreach (var service in Services)
        {
            service.SetUpstream([.. apps.Select(app => new Uri(app, "/runtime/webhooks/signalr?code=local-signalr-key").ToString())]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        foreach (var service in Services)
        {
            await service.DisposeAsync();
        }
    }

    private static string[] Of(int number, SignalREmulator service) => number == 0
        ? ["AzureSignalRConnectionString=" + service.ConnectionString]
        : [$"Realtime:Services:{number}={service.ConnectionString}", $"Azure:SignalR:Endpoints:{number}={service.ConnectionString}"];
}
