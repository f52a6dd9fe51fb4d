using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>The emulator's own Kestrel. It takes nothing from the environment: two emulators and an app can live in one process.</summary>
internal static class SignalREmulatorHost
{
    public static WebApplication Build(SignalREmulatorOptions options, ClientHandler clients, ClientEndpoint door, RestApi rest)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var address in Loopback.Addresses(options.Port))
            {
                kestrel.Listen(address, options.Port);
            }

            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = SignalRLimits.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = SignalRLimits.MaxHeaderBytes;
            // Room for a group name of 1,024 characters, each of which takes nine when encoded.
            kestrel.Limits.MaxRequestLineSize = SignalRLimits.MaxHeaderBytes;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddConnections();
        builder.Services.AddCors();
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.Services.AddSingleton(clients);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

        var app = builder.Build();
        app.Use(AnswerBadRequestsAsync);
        app.UseRouting();
        // Browsers connect straight from the customer's page, so any origin is allowed: the access token is what protects the service.
        app.UseCors(cors => cors.SetIsOriginAllowed(_ => true).AllowAnyHeader().AllowAnyMethod().AllowCredentials());
        app.Use(next => context => door.InvokeAsync(context, next));
        app.MapConnectionHandler<ClientHandler>("/client");
        app.MapFallback(rest.HandleAsync);
        return app;
    }

    // Kestrel notices an oversized body only while it is being read.
    private static async Task AnswerBadRequestsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ServiceError.WriteAsync(context, e.StatusCode, "BadRequest", e.Message);
        }
    }
}
