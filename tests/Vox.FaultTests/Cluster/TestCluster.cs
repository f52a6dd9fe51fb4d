using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.DevHost.DevTools;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Cluster;

/// <summary>
/// A whole installation that can be broken anywhere. It has two app processes, a third app in this process whose storage answers as a test
/// wants, a storage and a SignalR service that can be killed, and a <see cref="TcpProxy"/> between every two of them.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>The apps give up early, like clients, because the faults are short.</summary>
    private static readonly string[] Settings =
    [
        "Storage:TimeoutSeconds=2", "Storage:Retries=2", "Conversations:CommitSeconds=5", "ChatLog:SilenceSeconds=3",
        "ChatLog:HeartbeatSeconds=1",
        "Realtime:PushMilliseconds=500", "Presence:LeaseSeconds=3", "Groups:RepairAfterSeconds=5", "Logging:LogLevel:Default=None",
    ];

    private readonly Backends backends;
    private readonly string prefix = VoxApp.NewTablePrefix();
    private readonly VoxProcess?[] processes = new VoxProcess?[2];
    private readonly HttpClient[] clients = new HttpClient[3];

    private TestCluster(Backends backends) => this.backends = backends;

    public DurableAzurite Storage { get; private set; } = null!;

    public EmulatorProcess SignalR { get; private set; } = null!;

    /// <summary>The app that makes what a round needs, and checks the result when everything works again.</summary>
    public VoxApp Observer { get; private set; } = null!;

    /// <summary>The app in this process, behind <see cref="StorageAnswers"/>.</summary>
    public VoxApp Moody { get; private set; } = null!;

    public StorageFaults StorageAnswers { get; } = new();

    public TcpProxy ToTables { get; private set; } = null!;

    public TcpProxy ToBlobs { get; private set; } = null!;

    /// <summary>The apps' calls of the service, and the clients' connections to it.</summary>
    public TcpProxy ToSignalR { get; private set; } = null!;

    /// <summary>The service's events for the apps.</summary>
    public TcpProxy Upstream { get; private set; } = null!;

    /// <summary>The clients' calls of each app.</summary>
    public TcpProxy[] ToApps { get; private set; } = [];

    public IReadOnlyList<TcpProxy> Lines => [ToTables, ToBlobs, ToSignalR, Upstream, .. ToApps];

    public IReadOnlyList<HttpClient> Clients => clients;

    /// <summary>Addresses of the three apps, as clients know them.</summary>
    public Uri Address(int app) => new($"http://127.0.0.1:{ToApps[app].Port}/");

    public static async Task<TestCluster> StartAsync(Backends backends)
    {
        var cluster = new TestCluster(backends) { Storage = await DurableAzurite.StartAsync() };
        cluster.ToTables = new TcpProxy(() => cluster.Storage.TablePort);
        cluster.ToBlobs = new TcpProxy(() => cluster.Storage.BlobPort);
        cluster.ToApps = [.. Enumerable.Range(0, 3).Select(app => new TcpProxy(() => cluster.PortOf(app)))];
        var turn = 0;
        cluster.Upstream = new TcpProxy(() => cluster.PortOf(Interlocked.Increment(ref turn) % 3));
        cluster.SignalR = await EmulatorProcess.StartAsync(
            $"http://127.0.0.1:{cluster.Upstream.Port}/runtime/webhooks/signalr?code=local-signalr-key");
        cluster.ToSignalR = new TcpProxy(() => cluster.SignalR.Port);

        cluster.Observer = await VoxApp.StartAsync(
            backends, [.. Settings, .. cluster.Through()], tablePrefix: cluster.prefix);
        cluster.Moody = await VoxApp.StartAsync(
            backends, [.. Settings, .. cluster.Through()],
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(cluster.StorageAnswers), cluster.prefix);
        for (var app = 0; app < 2; app++)
        {
            await cluster.StartAppAsync(app);
        }

        for (var app = 0; app < 3; app++)
        {
            cluster.clients[app] = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
            {
                BaseAddress = cluster.Address(app),
                Timeout = TimeSpan.FromSeconds(8),
            };
        }

        return cluster;
    }

    public async Task KillAppAsync(int app)
    {
        if (processes[app] is { } process)
        {
            processes[app] = null;
            await process.KillAsync();
            await process.DisposeAsync();
        }
    }

    public async Task StartAppAsync(int app)
        => processes[app] ??= await VoxProcess.StartAsync(backends, prefix, [.. Settings, .. Through()]);

    /// <summary>Repairs everything: all processes run and no connection is disturbed.</summary>
    public async Task HealAsync()
    {
        StorageAnswers.Choose = null;
        foreach (var line in Lines)
        {
            line.Heal();
        }

        await StartAppAsync(0);
        await StartAppAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in Lines)
        {
            line.Heal();
        }

        foreach (var client in clients)
        {
            client?.Dispose();
        }

        await KillAppAsync(0);
        await KillAppAsync(1);
        await Moody.DisposeAsync();
        await Observer.DisposeAsync();
        foreach (var line in Lines)
        {
            await line.DisposeAsync();
        }

        await SignalR.DisposeAsync();
        await Storage.DisposeAsync();
    }

    // A dead process has no port. Nobody listens at the port that is used here.
    private int PortOf(int app) => app == 2 ? Moody.Address.Port : processes[app]?.Address.Port ?? 1;

    private IEnumerable<string> Through() => Backend(ToBlobs.Port, ToTables.Port, ToSignalR.Port);

    private IEnumerable<string> Backend(int blobs, int tables, int signalR) =>
    [
        "AzureWebJobsStorage=" + AzuriteProcess.ConnectionStringFor(blobs, blobs + 1, tables),
        $"AzureSignalRConnectionString=Endpoint=http://localhost;Port={signalR};AccessKey={SignalREmulatorOptions.DevelopmentKey};"
        + "Version=1.0;",
    ];
}
