using Microsoft.Extensions.Hosting;
using Vox.DevHost.Http;
using Vox.DevHost.Queues;
using Vox.DevHost.Rpc;
using Vox.DevHost.Timers;

namespace Vox.DevHost;

/// <summary>Starts the host before the worker in its process connects, and ends it when everything else has stopped.</summary>
internal sealed class DevelopmentHostService : IHostedLifecycleService
{
    private readonly LocalBackends backends;
    private readonly RpcListener listener;
    private readonly WorkerChannel channel;
    private readonly TimerHost timers;
    private readonly QueueHost queues;
    private readonly FunctionList list;
    private readonly HttpDispatcher dispatcher;
    private readonly IHostApplicationLifetime lifetime;
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DevelopmentHostService(
        LocalBackends backends, RpcListener listener, WorkerChannel channel, TimerHost timers, QueueHost queues, FunctionList list,
        HttpDispatcher dispatcher, IHostApplicationLifetime lifetime)
    {
        (this.backends, this.listener, this.channel, this.timers, this.queues, this.list, this.lifetime) =
            (backends, listener, channel, timers, queues, list, lifetime);
        // The web server starts before the app's own services do, so requests wait for those.
        (this.dispatcher = dispatcher).OpenAfter(started.Task);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await backends.StartAsync(cancellationToken);
        await listener.StartAsync(channel, cancellationToken);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var functions = await channel.Functions.WaitAsync(cancellationToken);
        backends.SetUpstream(functions);
        list.Print(functions);
        // Callbacks run in reverse order of registration. Registered after the app's own, this one prints first: what the app says then,
        // such as what to paste, is the end of the output.
        lifetime.ApplicationStarted.Register(list.Ready);
        started.TrySetResult();
        timers.Start(functions);
        queues.Start(functions);
    }

    // Before the app's own services stop, because functions that are still running need them.
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(dispatcher.CloseAsync(cancellationToken), timers.StopAsync(cancellationToken), queues.StopAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        channel.Close();
        await listener.DisposeAsync();
        await backends.DisposeAsync();
    }
}
