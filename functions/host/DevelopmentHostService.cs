using Microsoft.Extensions.Hosting;
using Vox.DevHost.Http;
using Vox.DevHost.Queues;
using Vox.DevHost.Rpc;
using Vox.DevHost.Timers;

namespace Vox.DevHost;

/// <summary>The host's life around that of the worker in its process: up before the worker connects, gone when everything else has stopped.</summary>
internal sealed class DevelopmentHostService : IHostedLifecycleService
{
    private readonly LocalBackends _backends;
    private readonly RpcListener _listener;
    private readonly WorkerChannel _channel;
    private readonly TimerHost _timers;
    private readonly QueueHost _queues;
    private readonly FunctionList _list;
    private readonly HttpDispatcher _dispatcher;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DevelopmentHostService(
        LocalBackends backends, RpcListener listener, WorkerChannel channel, TimerHost timers, QueueHost queues, FunctionList list,
        HttpDispatcher dispatcher, IHostApplicationLifetime lifetime)
    {
        (_backends, _listener, _channel, _timers, _queues, _list) = (backends, listener, channel, timers, queues, list);
        // The web server starts before the app's own services do.
        (_dispatcher = dispatcher).OpenAfter(_started.Task);
        // Callbacks run in reverse order: registered before anybody else's, this is the last word.
        lifetime.ApplicationStarted.Register(list.Ready);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _backends.StartAsync(cancellationToken);
        await _listener.StartAsync(_channel, cancellationToken);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var functions = await _channel.Functions.WaitAsync(cancellationToken);
        _backends.SetUpstream(functions);
        _list.Print(functions);
        _started.TrySetResult();
        _timers.Start(functions);
        _queues.Start(functions);
    }

    // Before the app's own services stop: functions that still run need them.
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_dispatcher.CloseAsync(cancellationToken), _timers.StopAsync(cancellationToken), _queues.StopAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _channel.Close();
        await _listener.DisposeAsync();
        await _backends.DisposeAsync();
    }
}
