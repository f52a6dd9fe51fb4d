using Vox.DevHost.DevTools;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

[assembly: AssemblyFixture(typeof(Backends))]

namespace Vox.Tests.Fixture;

/// <summary>
/// One Azurite and one SignalR emulator for all tests, on ports of their own. Projects or table prefixes keep the tests apart.
/// </summary>
public sealed class Backends : IAsyncLifetime
{
    private AzuriteProcess? azurite;

    internal SignalREmulator SignalR { get; private set; } = null!;

    /// <summary>The app that most tests use; they make their own projects in it.</summary>
    public VoxApp App { get; private set; } = null!;

    public string StorageConnection => azurite!.ConnectionString;

    public string SignalRConnection => SignalR.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);
        SignalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        App = await VoxApp.StartAsync(this, ["Files:SetBlobCors=true"]);
        SignalR.SetUpstream(new Uri(App.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await SignalR.DisposeAsync();
        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }
    }
}
