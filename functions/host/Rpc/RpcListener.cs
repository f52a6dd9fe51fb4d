using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Vox.DevHost.Rpc;

/// <summary>Where the worker connects: gRPC over plain HTTP/2 on a loopback port of its own.</summary>
internal sealed class RpcListener : IAsyncDisposable
{
    private readonly Socket socket;
    private WebApplication? app;

    private RpcListener(Socket socket) => this.socket = socket;

    /// <summary>Tells the worker where to connect. Read when the worker's client is created, so the port is bound before that.</summary>
    public Dictionary<string, string?> WorkerSettings => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Functions:Worker:HostEndpoint"] =
            $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}",
        ["Functions:Worker:WorkerId"] = Guid.NewGuid().ToString(),
        ["Functions:Worker:RequestId"] = Guid.NewGuid().ToString(),
        ["Functions:Worker:GrpcMaxMessageLength"] = int.MaxValue.ToString(CultureInfo.InvariantCulture),
    };

    public static RpcListener Bind()
    {
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new RpcListener(bound);
    }

    public async Task StartAsync(WorkerChannel channel, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore()
            .UseSockets(sockets =>
            {
                sockets.CreateBoundListenSocket = _ => socket;
                // Saves a thread switch per message. The channel's loops never block, and they hand every invocation to the thread pool.
                sockets.UnsafePreferInlineScheduling = true;
            })
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(socket.LocalEndPoint!, endpoint => endpoint.Protocols = HttpProtocols.Http2);
                // One stream carries every invocation, for as long as the worker lives.
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
                kestrel.Limits.Http2.InitialStreamWindowSize = 16 * 1024 * 1024;
            });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (int.MaxValue, int.MaxValue));
        builder.Services.AddSingleton(channel);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<WorkerService>();
        await app.StartAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        app = null;
        socket.Dispose();
    }
}
