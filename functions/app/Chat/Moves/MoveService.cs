using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Realtime;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Moves;

/// <summary>
/// Begins to move a project from one SignalR service to another, or to spread it over several. From the beginning on pushes go to both.
/// When every process knows that, new connections go to the new services, and <see cref="MoveRun"/> tells clients to connect anew.
/// </summary>
public sealed partial class MoveService(
    ProjectService projects, MoveStore moves, SignalRConnections connections, IOptions<ProjectOptions> caching,
    IEnumerable<IDataRecordStep> records, TimeProvider time, ILogger<MoveService> logger)
{
    /// <summary>How far the clocks of two machines may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>After this time every process knows a change of a project.</summary>
    public TimeSpan Known => caching.Value.Cache + Skew;

    /// <exception cref="VoxException">project_not_found</exception>
    public async Task<ServicesResponse> ReadAsync(string projectId, CancellationToken cancellationToken)
    {
        var placement = await PlacementAsync(projectId, cancellationToken);
        var move = placement.IsMoving ? await moves.FindAsync(projectId, cancellationToken) : null;
        return new ServicesResponse(
            placement.Now, placement.Before, placement.IsMoving ? placement.SwitchesAt : null, move?.Told, connections.Numbers);
    }

    /// <summary>It is no error if the project is there already, or moves there.</summary>
    /// <exception cref="VoxException">project_not_found, missing_field, invalid_field, move_under_way</exception>
    public async Task<ServicesResponse> MoveAsync(
        string projectId, IReadOnlyList<int>? wanted, DataActor actor, CancellationToken cancellationToken)
    {
        var services = Check(wanted);
        var before = await PlacementAsync(projectId, cancellationToken);
        if (Same(before.Now, services))
        {
            if (before.IsMoving && await moves.FindAsync(projectId, cancellationToken) is null)
            {
                // A request that ended between its two steps, or two that crossed each other: the move goes on.
                await moves.BeginAsync(projectId, default, cancellationToken);
            }

            return await ReadAsync(projectId, cancellationToken);
        }

        // The note comes first: without the change behind it, the timer drops it, but not at once.
        await moves.BeginAsync(projectId, before.IsMoving ? default : time.GetUtcNow() + Known, cancellationToken);
        var moved = await projects.UpdateAsync(
            projectId, project => project with { Placement = Change(project.Placement, services) }, cancellationToken);
        foreach (var record in records)
        {
            await record.RecordAsync(
                projectId, actor, "project.moved", $"SignalR services: {ServicePlacement.ToText(moved.Placement.Now)}", cancellationToken);
        }

        Begun(moved.Id, ServicePlacement.ToText(moved.Placement.Before), ServicePlacement.ToText(moved.Placement.Now));
        return await ReadAsync(projectId, cancellationToken);
    }

    /// <summary>As it is stored now: another process may just have moved the project.</summary>
    private async Task<ServicePlacement> PlacementAsync(string projectId, CancellationToken cancellationToken) =>
        (await projects.FindNowAsync(projectId, cancellationToken) ?? await projects.GetAsync(projectId, cancellationToken)).Placement;

    private ServicePlacement Change(ServicePlacement placement, IReadOnlyList<int> services)
    {
        if (Same(placement.Now, services))
        {
            return placement;
        }

        if (placement.IsMoving)
        {
            // Back at once: the services from before were served all the time.
            return Same(placement.Before, services)
                ? placement with { Now = placement.Before, Before = placement.Now, SwitchesAt = time.GetUtcNow() }
                : throw new VoxException(
                    Errors.MoveUnderWay,
                    $"The project moves from {ServicePlacement.ToText(placement.Before)} to {ServicePlacement.ToText(placement.Now)}: "
                    + "wait until it is there, or move it back.");
        }

        return new ServicePlacement(services)
        {
            Before = placement.Now,
            Former = [.. placement.Former.Union(placement.Now).Order()],
            SwitchesAt = time.GetUtcNow() + Known,
        };
    }

    private int[] Check(IReadOnlyList<int>? wanted)
    {
        if (wanted is not { Count: > 0 })
        {
            throw new VoxException(Errors.MissingField, "services is missing or empty: name at least one, such as [1].", "services");
        }

        var unknown = wanted.Except(connections.Numbers).ToList();
        return unknown.Count == 0
            ? [.. wanted.Distinct().Order()]
            : throw new VoxException(
                Errors.InvalidField,
                $"There is no service {string.Join(", ", unknown)}: this installation has {ServicePlacement.ToText(connections.Numbers)}.",
                "services");
    }

    private static bool Same(IReadOnlyList<int> some, IReadOnlyList<int> others) => some.Order().SequenceEqual(others.Order());

    [LoggerMessage(3030, LogLevel.Information, "Project {Project} moves from SignalR service {Before} to {Now}")]
    private partial void Begun(string project, string before, string now);
}
