using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Vox.Tests.Local;

/// <summary>The stand-in runtime with the functions of some classes, listening on a port of its own.</summary>
internal sealed class LocalApp : IAsyncDisposable
{
    private readonly IHost _host;

    private LocalApp(IHost host)
    {
        _host = host;
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address);
        // No redirects and no proxies: tests look at what the app answers.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _host.Services;

    public static FunctionsApplicationBuilder Builder(params Type[] functionClasses)
    {
        var builder = new FunctionsApplicationBuilder(["--VOX_PORT=0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None"], functionClasses);
        builder.ConfigureFunctionsWebApplication();
        return builder;
    }

    public static Task<LocalApp> StartAsync(params Type[] functionClasses) => StartAsync(Builder(functionClasses));

    public static async Task<LocalApp> StartAsync(FunctionsApplicationBuilder builder)
    {
        var host = builder.Build();
        await host.StartAsync();
        return new LocalApp(host);
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
        await _host.StopAsync();
        _host.Dispose();
    }
}
