using Vox.SignalREmulation;

namespace Vox.Tests.Fixture;

/// <summary>
/// An emulator of a test's own. The one that all tests share reports connections to the app that they share, and an app with tables of its
/// own must hear of its connections itself: nobody else knows their sessions.
/// </summary>
internal sealed class OwnSignalR : IAsyncDisposable
{
    private OwnSignalR(SignalREmulator service) => Service = service;

    public SignalREmulator Service { get; }

    /// <summary>For an app's arguments.</summary>
    public string Setting => "AzureSignalRConnectionString=" + Service.ConnectionString;

    public static async Task<OwnSignalR> StartAsync() =>
        new(await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None));

    /// <summary>Reports to this app from now on.</summary>
    public void ReportTo(VoxApp app) =>
        Service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());

    /// <summary>The service takes connections for its own that only a test's events know.</summary>
    public void TakeEveryConnection() => Service.Intercept = context =>
        Task.FromResult(context.Request.Path.Value!.Contains("/connections/", StringComparison.Ordinal));

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
