using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vox.DevHost;
using Vox.DevHost.Rpc;

namespace Vox.Tests.Host;

public sealed class StartTests
{
    [Theory]
    [InlineData("--functions-uri", "http://127.0.0.1:1234/")]
    [InlineData("--functions-worker-id", "1")]
    [InlineData("--Functions:Worker:HostEndpoint", "http://127.0.0.1:1234/")]
    public void Host_InAProcessThatAFunctionsHostStarted_AddsNothing(params string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        var (services, sources) = (builder.Services.Count, ((IConfigurationBuilder)builder.Configuration).Sources.Count);

        DevelopmentHost.AddTo(builder.Services);

        Assert.Equal((services, sources), (builder.Services.Count, ((IConfigurationBuilder)builder.Configuration).Sources.Count));
    }

    [Fact]
    public void Host_AddedTwice_IsThereOnce()
    {
        var builder = HostedApp.Builder(typeof(Functions));
        var services = builder.Services.Count;

        DevelopmentHost.AddTo(builder.Services);

        Assert.Equal(services, builder.Services.Count);
    }

    [Fact]
    public async Task Start_OnPortZero_ListensOnTheLoopbackOnly()
    {
        await using var app = await HostedApp.StartAsync(typeof(Functions));

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

        Assert.StartsWith("http://127.0.0.1:", Assert.Single(addresses), StringComparison.Ordinal);
        Assert.NotEqual(7071, app.Address.Port);
    }

    [Fact]
    public void Host_WithAWrongPort_SaysSo()
    {
        var builder = FunctionsApplication.CreateBuilder(["--VOX_PORT=70000"]);

        var error = Assert.Throws<InvalidOperationException>(() => DevelopmentHost.AddTo(builder.Services));

        Assert.Contains("VOX_PORT is '70000'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfAnApp_ListsItsFunctions()
    {
        var log = new ListLogger();
        var builder = HostedApp.Builder(typeof(Functions), typeof(TimerTests.EveryMinute));
        builder.Configuration["Logging:LogLevel:Default"] = "Information";
        builder.Configuration["VOX_VERBOSE"] = "1";
        builder.Services.AddSingleton<Vox.DevHost.Timers.ITimerLeases>(new MemoryLeases());
        builder.Logging.ClearProviders().AddProvider(log);
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Contains($"Shown: [GET,POST] {app.Address}shown", log.Lines, StringComparer.Ordinal);
        Assert.Contains("EveryMinute: timerTrigger", log.Lines, StringComparer.Ordinal);
        Assert.Equal($"Ready at {app.Address.ToString().TrimEnd('/')}. Ctrl-C stops it.", log.Lines.Last());
    }

    [Fact]
    public async Task Start_WithoutVerbose_OnlyCountsItsFunctions()
    {
        var log = new ListLogger();
        var builder = HostedApp.Builder(typeof(Functions), typeof(TimerTests.EveryMinute));
        builder.Configuration["Logging:LogLevel:Default"] = "Information";
        builder.Services.AddSingleton<Vox.DevHost.Timers.ITimerLeases>(new MemoryLeases());
        builder.Logging.ClearProviders().AddProvider(log);
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Contains("2 functions. VOX_VERBOSE=1 lists them.", log.Lines, StringComparer.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Shown:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_OnAPortOfItsOwn_AnswersAtEveryAddressOfLocalhost()
    {
        var port = Vox.DevHost.DevTools.FreePort.Find();
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Configuration["VOX_PORT"] = $"{port}";
        await using var app = await HostedApp.StartAsync(builder);
        using var client = new HttpClient();

        foreach (var address in Vox.SignalREmulation.Loopback.Addresses(port))
        {
            var host = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
            Assert.Equal("shown", await client.GetStringAsync(new Uri($"http://{host}:{port}/shown")));
        }

        Assert.False(Vox.SignalREmulation.Loopback.IsFree(port));
        using var configuration = new ConfigurationManager();
        configuration["VOX_PORT"] = $"{port}";
        var taken = Assert.Throws<InvalidOperationException>(new LocalPorts(configuration).CheckAppIsFree);
        Assert.Equal(
            $"Port {port} is in use, and the app needs it: end the program that uses it, or set VOX_PORT to a free port.", taken.Message);
    }

    [Fact]
    public async Task Upstreams_OfAnAppWithoutSignalRTriggers_AreNone()
    {
        await using var without = await HostedApp.StartAsync(typeof(Functions));
        await using var with = await HostedApp.StartAsync(typeof(Typing));

        Assert.Empty(LocalBackends.Upstreams(await FunctionsOf(without), 7071));
        Assert.Equal(
            ["http://localhost:7071/runtime/webhooks/signalr?code=local-signalr-key"],
            LocalBackends.Upstreams(await FunctionsOf(with), 7071));
    }

    [Fact]
    public void Console_OfAnEventOfSeveralLines_KeepsThem()
    {
        var text = new StringWriter();
        var entry = new LogEntry<string>(
            LogLevel.Error, "Vox.Demo", new EventId(7), "one\ntwo", new IOException("three"), (state, _) => state);

        new HostConsoleFormatter(new FakeTimeProvider(DateTimeOffset.UnixEpoch)).Write(entry, null, text);

        Assert.Equal(
            "1970-01-01T00:00:00.000Z fail: Vox.Demo[7] one\ntwo\nSystem.IO.IOException: three\n",
            text.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Settings_FromTheFile_AreBelowEnvironmentVariables()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{ "IsEncrypted": false, "Values": { "Mail__Sender": "file", "PATH": "file", "Count": 3, "Mail__Server": "" } /* comment */ }""");
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
            [KeyValuePair.Create("Mail:Sender", (string?)"default"), KeyValuePair.Create("Mail:Server", (string?)"default")])
            .AddEnvironmentVariables();

        LocalSettings.Add(configuration, file);
        File.Delete(file);

        Assert.Equal(("file", "3", "default"), (configuration["Mail:Sender"], configuration["Count"], configuration["Mail:Server"]));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), configuration["PATH"]);
    }

    [Theory]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "" } } }""", "")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "v1/" } } }""", "v1")]
    [InlineData("""{ "version": "2.0" }""", "api")]
    public void RoutePrefix_OfAHostJson_IsRead(string json, string prefix)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, json);

        Assert.Equal(prefix, LocalSettings.RoutePrefix(file));
        File.Delete(file);
    }

    [Fact]
    public async Task Request_BeforeTheAppsServicesHaveStarted_Waits()
    {
        var service = new Early();
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Services.AddSingleton<IHostedService>(p => service.With(p));
        await using var app = await HostedApp.StartAsync(builder);

        Assert.True(service.HadToWait);
        Assert.Equal("shown", await service.Answer);
    }

    public sealed class Functions
    {
        [Function("Shown")]
        public IActionResult Shown([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "shown")] HttpRequest request) =>
            new ContentResult { Content = "shown" };
    }

    public sealed class Typing
    {
        [Function("TypingOfStart")]
        public void Run([SignalRTrigger("chat", "messages", "typing")] SignalRInvocationContext context) => _ = context;
    }

    private static Task<IReadOnlyList<FunctionDescriptor>> FunctionsOf(HostedApp app)
        => app.Services.GetRequiredService<WorkerChannel>().Functions;

    /// <summary>Calls the app while it starts.</summary>
    private sealed class Early : IHostedService
    {
        private readonly HttpClient client = new();
        private IServiceProvider? services;

        public bool HadToWait { get; private set; }

        public Task<string> Answer { get; private set; } = Task.FromResult("");

        public Early With(IServiceProvider services)
        {
            this.services = services;
            return this;
        }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var address = this.services!.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            await this.services!.GetRequiredService<WorkerChannel>().Functions;
            Answer = client.GetStringAsync(new Uri($"{address}/shown"), cancellationToken);
            // The same server answers its own address, so when it does, it has already seen the first request.
            await client.GetAsync(new Uri($"{address}/runtime/webhooks/signalr"), cancellationToken);
            HadToWait = !Answer.IsCompleted;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            client.Dispose();
            return Task.CompletedTask;
        }
    }

    private sealed class ListLogger : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
