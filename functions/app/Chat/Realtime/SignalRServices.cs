using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Realtime;

/// <summary>
/// All SignalR services as one. What is for a user goes to the service that has the user's connections, what is for a group once to each
/// service of the project. Names of users and groups begin with the project's id, so they lead to its services. With one service nothing is
/// looked up.
/// </summary>
public sealed class SignalRServices : IDisposable
{
    private readonly ProjectService projects;
    private readonly TimeProvider time;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Lazy<SignalRService[]> all;
    private readonly SignalRConnections connections;

    public SignalRServices(
        SignalRConnections connections, ProjectService projects, SignalRTokens tokens, IOptions<RealtimeOptions> options, TimeProvider time,
        ILogger<SignalRService> logger)
    {
        (this.connections, this.projects, this.time) = (connections, projects, time);
        all = new(() =>
        [
            .. connections.All.Select(service =>
                new SignalRService(service.Key, service.Value, http, tokens, options.Value, time, logger)),
        ]);
    }

    public IReadOnlyList<SignalRService> All => all.Value;

    /// <summary>False when no service is configured.</summary>
    public bool IsConfigured => all.Value.Length > 0;

    /// <summary>Access is by key to all services, or by identity to all.</summary>
    public bool UseIdentity => connections.All.Values.Any(connection => connection.AccessKey is null);

    public bool AreSeveral => all.Value.Length > 1;

    /// <summary>Calls that a service accepted since the start of the process.</summary>
    public long Sent => all.Value.Sum(service => service.Sent);

    /// <summary>Calls that were given up.</summary>
    public long Failed => all.Value.Sum(service => service.Failed);

    /// <inheritdoc cref="SignalRService.SendToUserAsync"/>
    public Task<bool> SendToUserAsync(string userId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        EachAsync(
            userId, placement => placement.HomesOf(userId), service => service.SendToUserAsync(userId, message, cancellationToken),
            cancellationToken);

    /// <summary>Sends to all connections of a group with one call to each service of the project, whatever the group's size.</summary>
    /// <inheritdoc cref="SignalRService.SendToGroupAsync"/>
    public Task<bool> SendToGroupAsync(
        string group, ReadOnlyMemory<byte> message, DateTimeOffset? until, CancellationToken cancellationToken) =>
        EachAsync(
            group, placement => placement.Serving, service => service.SendToGroupAsync(group, message, until, cancellationToken),
            cancellationToken);

    /// <inheritdoc cref="SignalRService.AddToGroupAsync"/>
    public Task<bool> AddToGroupAsync(string userId, string group, bool connectedOnly, CancellationToken cancellationToken) =>
        EachAsync(
            userId, placement => placement.HomesOf(userId),
            service => service.AddToGroupAsync(userId, group, connectedOnly, cancellationToken), cancellationToken);

    /// <summary>Also where the project was before: it might come back, and services remember memberships for a year.</summary>
    /// <returns>False when a service did not take it.</returns>
    public Task<bool> RemoveFromGroupAsync(string userId, string group, CancellationToken cancellationToken) =>
        EachAsync(
            userId, placement => placement.Ever, service => service.RemoveFromGroupAsync(userId, group, cancellationToken),
            cancellationToken);

    /// <summary>Asks the service to which the user's new connections go.</summary>
    /// <returns>Null when the service did not say.</returns>
    public async Task<bool?> IsInGroupAsync(string userId, string group, CancellationToken cancellationToken) =>
        await HomeOfAsync(userId, cancellationToken) is { } home ? await home.IsInGroupAsync(userId, group, cancellationToken) : null;

    /// <inheritdoc cref="SignalRService.CloseUserAsync"/>
    public Task<bool> CloseUserAsync(string userId, CancellationToken cancellationToken) =>
        EachAsync(
            userId, placement => placement.Serving, service => service.CloseUserAsync(userId, cancellationToken), cancellationToken);

    /// <inheritdoc cref="SignalRService.CloseGroupAsync"/>
    public Task<bool> CloseGroupAsync(string group, CancellationToken cancellationToken) =>
        EachAsync(
            group, placement => placement.Serving, service => service.CloseGroupAsync(group, cancellationToken), cancellationToken);

    /// <summary>Adds one connection to a group, until the connection ends.</summary>
    /// <param name="number">The service that has the connection; null when it is not known.</param>
    /// <returns>False when no service took it.</returns>
    public async Task<bool> AddConnectionToGroupAsync(
        int? number, string userId, string connectionId, string group, CancellationToken cancellationToken)
    {
        if (number is { } known)
        {
            return Find(known) is { } service && await service.AddConnectionToGroupAsync(connectionId, group, cancellationToken);
        }

        var (some, _) = await CallAsync(
            userId, placement => placement.HomesOf(userId),
            service => service.AddConnectionToGroupAsync(connectionId, group, cancellationToken), cancellationToken);
        return some;
    }

    /// <summary>Closes a connection of the user, whichever service has it.</summary>
    /// <param name="userId">Null when it is not known whose the connection is.</param>
    public Task<bool> CloseConnectionAsync(string? userId, string connectionId, CancellationToken cancellationToken) =>
        EachAsync(
            userId ?? "", placement => placement.Serving, service => service.CloseConnectionAsync(connectionId, cancellationToken),
            cancellationToken);

    /// <summary>The service to which the user's new connections go.</summary>
    /// <returns>Null when no service is configured, or there is no such project.</returns>
    public async ValueTask<SignalRService?> HomeOfAsync(string userId, CancellationToken cancellationToken) =>
        all.Value.Length < 2
            ? all.Value.FirstOrDefault()
            : await PlacementAsync(userId, cancellationToken) is { } placement
                ? Find(placement.HomeOf(userId, time.GetUtcNow()))
                : null;

    /// <summary>
    /// Whether a connection of the user may begin there. While clocks differ, processes do not change over at the same instant.
    /// </summary>
    public async ValueTask<bool> IsHomeAsync(int number, string userId, CancellationToken cancellationToken)
    {
        if (!AreSeveral)
        {
            return true;
        }

        return await PlacementAsync(userId, cancellationToken) is { } placement && (
            placement.HomeOf(userId, time.GetUtcNow()) == number
            || (time.GetUtcNow() < placement.SwitchesAt && placement.HomesOf(userId).Contains(number)));
    }

    /// <returns>Null when the service is not configured.</returns>
    public SignalRService? Find(int number) => Array.Find(all.Value, service => service.Number == number);

    public void Dispose() => http.Dispose();

    private async Task<bool> EachAsync(
        string name, Func<ServicePlacement, IReadOnlyList<int>> choose, Func<SignalRService, Task<bool>> call,
        CancellationToken cancellationToken) => (await CallAsync(name, choose, call, cancellationToken)).All;

    /// <returns>Whether one of the services took it, and whether all did.</returns>
    private async Task<(bool Some, bool All)> CallAsync(
        string name, Func<ServicePlacement, IReadOnlyList<int>> choose, Func<SignalRService, Task<bool>> call,
        CancellationToken cancellationToken)
    {
        var services = all.Value;
        if (services.Length > 1 && await PlacementAsync(name, cancellationToken) is { } placement)
        {
            var chosen = choose(placement);
            services = Array.FindAll(services, service => chosen.Contains(service.Number));
        }

        var taken = services.Length == 1 ? [await call(services[0])] : await Task.WhenAll(services.Select(call));
        return (taken.Contains(true), taken.Length > 0 && !taken.Contains(false));
    }

    /// <returns>Null when it is not known: then every service is meant, which does no harm.</returns>
    private async ValueTask<ServicePlacement?> PlacementAsync(string name, CancellationToken cancellationToken)
    {
        if (name.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        try
        {
            return (await projects.FindAsync(name[..end], cancellationToken))?.Placement.Within(connections.Numbers, name[..end]);
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            return null;
        }
    }
}
