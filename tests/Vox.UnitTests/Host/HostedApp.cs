using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.DevHost;

namespace Vox.Tests.Host;

/// <summary>The real worker under the development host, with the functions of some classes, listening on a port of its own.</summary>
internal sealed class HostedApp : IAsyncDisposable
{
    private const string Nothing = "DefaultEndpointsProtocol=https;AccountName=none;AccountKey=bm9uZQ==";

    private readonly IHost host;

    // No file watchers: each costs an inotify instance, and tests start many hosts.
    static HostedApp() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

    private HostedApp(IHost host)
    {
        this.host = host;
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address);
        // No redirects and no proxies: tests look at what the app answers.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => host.Services;

    /// <summary>Without the web application, which a test adds where it wants it.</summary>
    public static FunctionsApplicationBuilder BareBuilder(params Type[] functionClasses)
    {
        var builder = FunctionsApplication.CreateBuilder(
        [
            "--VOX_PORT=0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
            // These are configured so that neither Azurite nor the emulator is started.
            "--AzureWebJobsStorage=" + Nothing, "--AzureSignalRConnectionString=",
        ]);
        builder.Services.AddSingleton<IFunctionMetadataProvider>(new ReflectedFunctions(functionClasses));
        DevelopmentHost.AddTo(builder.Services, startBackends: false);
        return builder;
    }

    public static FunctionsApplicationBuilder Builder(params Type[] functionClasses)
        => BareBuilder(functionClasses).ConfigureFunctionsWebApplication();

    public static Task<HostedApp> StartAsync(params Type[] functionClasses) => StartAsync(Builder(functionClasses));

    public static async Task<HostedApp> StartAsync(FunctionsApplicationBuilder builder)
    {
        var host = builder.Build();
        await host.StartAsync();
        return new HostedApp(host);
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        // A refused body is not sent at all, where sending it could break the connection before the answer is read.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1_000_000;
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(HttpStatusCode Status, string Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.StopAsync();
        host.Dispose();
    }
}
