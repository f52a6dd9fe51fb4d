using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Tests.Fixture;

/// <summary>The real app, in this process, on a free port, with the real storage protocol and the real wire to SignalR.</summary>
public sealed class VoxApp : IAsyncDisposable
{
    private readonly IHost host;

    private VoxApp(IHost host, Uri address, string tablePrefix)
    {
        (this.host, Address, TablePrefix) = (host, address, tablePrefix);
        Http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public string TablePrefix { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => host.Services;

    public StorageRequestCounter Storage => Get<StorageRequestCounter>();

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <param name="settings">Settings as <c>Section:Name=value</c>.</param>
    /// <param name="configure">The last change before the app is built, for example to set a fake clock.</param>
    /// <param name="tablePrefix">The prefix of another app, to share its data.</param>
    /// <param name="timers">
    /// Whether timers run by their schedules. Eight a minute would: tests count storage requests, and run what a timer does themselves.
    /// </param>
    public static async Task<VoxApp> StartAsync(
        Backends backends,
        IEnumerable<string>? settings = null,
        Action<FunctionsApplicationBuilder>? configure = null,
        string? tablePrefix = null,
        bool timers = false)
    {
        tablePrefix ??= NewTablePrefix();
        var builder = TestHost.CreateBuilder(
        [
            .. Settings(backends, tablePrefix),
            .. timers ? [] : TestHost.Timers.Select(name => $"--AzureWebJobs.{name}.Disabled=true"),
            .. (settings ?? []).Select(s => "--" + s),
        ]);
        configure?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();

        // At a port of its own it listens at both addresses of localhost.
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(address => !address.Contains('[', StringComparison.Ordinal));
        return new VoxApp(host, new Uri(address), tablePrefix);
    }

    /// <summary>An app with a clock that only the test moves.</summary>
    public static Task<VoxApp> StartAsync(Backends backends, TimeProvider time, params IEnumerable<string> settings) =>
        StartAsync(backends, settings, builder => builder.Services.AddSingleton(time));

    public static string NewTablePrefix() => "t" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>
    /// Arguments of an app for tests. It logs little, has no demo project, hashes passwords cheaply, sets users no speed limit, and has
    /// tables of its own.
    /// </summary>
    public static IEnumerable<string> Settings(Backends backends, string tablePrefix) =>
        Settings(backends.StorageConnection, backends.SignalRConnection, tablePrefix);

    public static IEnumerable<string> Settings(string storageConnection, string signalRConnection, string tablePrefix) =>
    [
        "--VOX_PORT=0",
        "--AzureWebJobsStorage=" + storageConnection,
        "--AzureSignalRConnectionString=" + signalRConnection,
        "--AzureFunctionsWebHost:hostid=" + tablePrefix,
        "--Storage:TablePrefix=" + tablePrefix,
        "--WebhookQueue=" + tablePrefix + "-webhooks",
        "--PushQueue=" + tablePrefix + "-push",
        "--Security:PasswordIterations=1000",
        "--Limits:UserPerSecond=1000000",
        "--Limits:UserBurst=1000000",
        "--Demo:File=",
        // Counts are written only when somebody reads them, because tests count the storage requests.
        "--Usage:FlushSeconds=3600",
        "--Requests:KeptPerMinute=0",
        "--Logging:LogLevel:Default=Error",
        "--Logging:LogLevel:Microsoft=Error",
    ];

    public async Task<TestProject> CreateProjectAsync(string name = "Test")
    {
        var (project, token) = await Get<ProjectService>().CreateAsync(name, CancellationToken.None);
        return new TestProject(this, project.Id, token);
    }

    /// <summary>Completes when what was sent so far is logged and pushed: for counting requests.</summary>
    public async Task SettleAsync(string projectId)
    {
        await Get<ChatLogWriter>().DrainChangesAsync(projectId);
        while (Get<Pusher>().Running > 0 || Get<DelayedJoins>().Running > 0)
        {
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await host.StopAsync();
        host.Dispose();
    }
}
