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
using Vox.Local.Hosting;

namespace Vox.Tests.Local;

public sealed class StartTests
{
    [Theory]
    [InlineData("--functions-uri", "http://127.0.0.1:1234/")]
    [InlineData("--functions-worker-id", "1")]
    public void CreateBuilder_StartedByAFunctionsHost_SaysHowToBuild(params string[] args)
    {
        var error = Assert.Throws<InvalidOperationException>(() => FunctionsApplication.CreateBuilder(["--host", "127.0.0.1", .. args]));

        Assert.Contains("FunctionsHost=Azure dotnet publish functions/app -o out", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FUNCTIONS_URI", true)]
    [InlineData("Functions__Worker__HostEndpoint", true)]
    [InlineData("FUNCTIONS_WORKER_RUNTIME", false)]
    public void HostStart_ToldByAVariable_IsRecognised(string variable, bool expected) =>
        Assert.Equal(expected, AzureHostGuard.IsHostStart([], name => name.Equals(variable, StringComparison.Ordinal) ? "value" : null));

    [Fact]
    public void CreateBuilder_CalledByAnAssembly_FindsItsPublicFunctions()
    {
        var types = FunctionDiscovery.PublicTypes(typeof(StartTests).Assembly);

        Assert.Contains(typeof(Functions), types);
        Assert.DoesNotContain(typeof(Hidden), types);
        Assert.Equal(["Shown"], FunctionDiscovery.Find([typeof(Functions)]).Select(f => f.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task CreateBuilder_OfTheRealEntryPoint_ServesTheCallersFunctions()
    {
        var builder = FunctionsApplication.CreateBuilder(
        [
            "--VOX_PORT=0", "--Logging:LogLevel:Default=None",
            // Configured, so that neither Azurite nor the emulator is started.
            "--AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=none;AccountKey=bm9uZQ==", "--AzureSignalRConnectionString=Endpoint=http://localhost;AccessKey=none;",
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Vox.Local.Hosting.Timers.ITimerLeases>(new MemoryLeases());
        await using var app = await LocalApp.StartAsync(builder);

        Assert.Equal((HttpStatusCode.OK, "shown"), await app.GetAsync("/shown"));
    }

    [Fact]
    public async Task Start_OnPortZero_ListensOnTheLoopbackOnly()
    {
        await using var app = await LocalApp.StartAsync(typeof(Functions));

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

        Assert.StartsWith("http://127.0.0.1:", Assert.Single(addresses), StringComparison.Ordinal);
        Assert.NotEqual(7071, app.Address.Port);
    }

    [Fact]
    public void Build_WithAWrongPort_SaysSo()
    {
        var builder = new FunctionsApplicationBuilder(["--VOX_PORT=70000", "--Logging:LogLevel:Default=None"], []);

        var error = Assert.Throws<InvalidOperationException>(() => builder.Build());

        Assert.Contains("VOX_PORT is '70000'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfAnApp_ListsItsFunctions()
    {
        var log = new ListLogger();
        var builder = new FunctionsApplicationBuilder(["--VOX_PORT=0"], [typeof(Functions), typeof(TimerTests.EveryMinute)]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Vox.Local.Hosting.Timers.ITimerLeases>(new MemoryLeases());
        builder.Logging.ClearProviders().AddProvider(log);
        await using var app = await LocalApp.StartAsync(builder);

        Assert.Contains($"Shown: [GET,POST] {app.Address}shown", log.Lines, StringComparer.Ordinal);
        Assert.Contains("EveryMinute: timerTrigger", log.Lines, StringComparer.Ordinal);
        Assert.Equal($"Ready at {app.Address.ToString().TrimEnd('/')}. Ctrl-C stops it.", log.Lines.Last());
    }

    [Fact]
    public void Upstreams_OfAnAppWithoutSignalRTriggers_AreNone()
    {
        Assert.Empty(LocalBackends.Upstreams(FunctionDiscovery.Find([typeof(Functions)]), 7071));
        Assert.Equal(
            ["http://localhost:7071/runtime/webhooks/signalr?code=local-signalr-key"],
            LocalBackends.Upstreams(FunctionDiscovery.Find([typeof(Typing)]), 7071));
    }

    [Fact]
    public void Console_OfAnEventOfSeveralLines_KeepsThem()
    {
        var text = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Error, "Vox.Demo", new EventId(7), "one\ntwo", new IOException("three"), (state, _) => state);

        new LocalConsole(new FakeTimeProvider(DateTimeOffset.UnixEpoch)).Write(entry, null, text);

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
        configuration.AddInMemoryCollection([KeyValuePair.Create("Mail:Sender", (string?)"default"), KeyValuePair.Create("Mail:Server", (string?)"default")]).AddEnvironmentVariables();

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
    public async Task HostedServicesOfTheApp_Start_BeforeTheFirstRequestIsAccepted()
    {
        var builder = LocalApp.Builder(typeof(Functions));
        var service = new Observer();
        builder.Services.AddSingleton<IHostedService>(p => service.With(p));
        await using var app = await LocalApp.StartAsync(builder);

        Assert.False(service.ServerWasListening);
    }

    public sealed class Functions
    {
        [Function("Shown")]
        public IActionResult Shown([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "shown")] HttpRequest request) =>
            new ContentResult { Content = "shown" };

        public void NotAFunction() => _ = this;

        [Function("Internal")]
        internal void Internal([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;
    }

    public sealed class Typing
    {
        [Function("TypingOfStart")]
        public void Run([SignalRTrigger("chat", "messages", "typing")] SignalRInvocationContext context) => _ = context;
    }

    internal sealed class Hidden
    {
        [Function("Hidden")]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;
    }

    private sealed class Observer : IHostedService
    {
        private IServiceProvider? _services;

        public bool ServerWasListening { get; private set; }

        public Observer With(IServiceProvider services)
        {
            _services = services;
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var addresses = _services!.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            ServerWasListening = addresses.Any(a => !a.EndsWith(":0", StringComparison.Ordinal));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ListLogger : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
