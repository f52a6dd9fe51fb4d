using Microsoft.Extensions.Logging;
using Vox.Tests.Fixture;

namespace Vox.Tests.Http;

/// <summary>ASP.NET would log three lines about each request, and each line goes to the host.</summary>
public sealed class RequestLogTests(Backends backends)
{
    private const string OfRequests = "Microsoft.AspNetCore.Routing.EndpointMiddleware";

    [Fact]
    public async Task AspNet_ByDefault_SaysOnlyWhatIsWrong()
    {
        await using var app = await VoxApp.StartAsync(
            backends, ["Logging:LogLevel:Default=Information", "Logging:LogLevel:Microsoft=Information"]);
        var logs = app.Get<ILoggerFactory>();

        Assert.False(logs.CreateLogger(OfRequests).IsEnabled(LogLevel.Information));
        Assert.True(logs.CreateLogger(OfRequests).IsEnabled(LogLevel.Warning));
        Assert.True(logs.CreateLogger("Microsoft.Hosting.Lifetime").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task AspNet_WithASetting_SaysMore()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Logging:LogLevel:Microsoft.AspNetCore=Information"]);

        Assert.True(app.Get<ILoggerFactory>().CreateLogger(OfRequests).IsEnabled(LogLevel.Information));
    }
}
