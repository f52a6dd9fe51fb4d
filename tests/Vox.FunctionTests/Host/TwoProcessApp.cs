using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vox.DevHost;
using Vox.DevHost.Http;
using Vox.DevHost.Rpc;
using Vox.Tests.Fixture;
using Yarp.ReverseProxy.Forwarder;

namespace Vox.Tests.Host;

/// <summary>
/// The app as the real host runs it. The worker is a process of its own and is told where its host listens. A reverse proxy passes requests
/// on to the worker's web server. The development host plays the host's part.
/// </summary>
public sealed class TwoProcessApp : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly RpcListener listener;
    private readonly WebApplication host;
    private readonly Process worker;

    private TwoProcessApp(RpcListener listener, WebApplication host, Process worker)
    {
        (this.listener, this.host, this.worker) = (listener, host, worker);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    public Uri Address => new(host.Urls.Single());

    public HttpClient Http { get; }

    /// <summary>Where the worker's own web server listens.</summary>
    public Uri Worker => new(Channel.Capabilities["HttpUri"]);

    internal WorkerChannel Channel => host.Services.GetRequiredService<WorkerChannel>();

    public static async Task<TwoProcessApp> StartAsync(Backends backends, string tablePrefix, params IEnumerable<string> settings)
    {
        var values = VoxApp.Settings(backends, tablePrefix).Concat(settings.Select(s => "--" + s))
            .Select(setting => setting[2..].Split('=', 2)).ToDictionary(s => s[0], s => (string?)s[1]);
        var listener = RpcListener.Bind();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = HttpDispatcher.MaxBodyBytes;
        });
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddFunctionsHost().AddRoutingCore().AddHttpForwarder();
        var host = builder.Build();
        await listener.StartAsync(host.Services.GetRequiredService<WorkerChannel>(), CancellationToken.None);
        var app = new TwoProcessApp(listener, host, StartWorker(listener, values));
        app.UseProxy();
        await host.StartAsync();
        await app.Channel.Functions.WaitAsync(TimeSpan.FromSeconds(60));
        app.Http.BaseAddress = app.Address;
        return app;
    }

    /// <summary>Asks the worker to end, as the host does. True when its process has gone within the time.</summary>
    public async Task<bool> TerminateAsync(TimeSpan patience)
    {
        Channel.Terminate(patience);
        using var timeout = new CancellationTokenSource(patience);
        await worker.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return worker.HasExited;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!await TerminateAsync(TimeSpan.FromSeconds(10)))
        {
            worker.Kill();
        }

        await host.DisposeAsync();
        await listener.DisposeAsync();
        worker.Dispose();
    }

    private static Process StartWorker(RpcListener listener, Dictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
        var told = listener.WorkerSettings;
        foreach (var argument in new[]
        {
            typeof(Program).Assembly.Location,
            "--functions-uri", told["Functions:Worker:HostEndpoint"]!, "--functions-worker-id", told["Functions:Worker:WorkerId"]!,
            "--functions-request-id", told["Functions:Worker:RequestId"]!, "--functions-grpc-max-message-length",
            told["Functions:Worker:GrpcMaxMessageLength"]!,
        })
        {
            start.ArgumentList.Add(argument);
        }

        // Passed as environment variables, as app settings are.
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = AppContext.BaseDirectory;
        return Process.Start(start)!;
    }

    private void UseProxy()
    {
        var forwarder = host.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        });
        host.Run(http => host.Services.GetRequiredService<HttpDispatcher>().HandleAsync(
            http, async request => await forwarder.SendAsync(request, Worker.ToString(), client, Patient, KeepHost.Instance)));
    }

    /// <summary>The worker sees the host name that the client used.</summary>
    private sealed class KeepHost : HttpTransformer
    {
        public static readonly KeepHost Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        }
    }
}
