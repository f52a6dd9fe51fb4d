using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vox.Tests.Fixture;

/// <summary>Stands in for a service of the outside world, over HTTP on a free port.</summary>
internal sealed class OutsideService : IAsyncDisposable
{
    private readonly WebApplication app;

    private OutsideService(WebApplication app) => this.app = app;

    /// <summary>Ends in a slash.</summary>
    public string Address => app.Urls.Single() + "/";

    public static async Task<OutsideService> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new OutsideService(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
