using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Push;

/// <summary>Sends what is in the queue: a page of a conversation's members at a time, once to each of their devices.</summary>
public sealed partial class PushDispatch(
    ProjectService projects, PushEvents events, PushMembers members, PushAudience audience, DeviceStore devices,
    IEnumerable<IPushSender> senders, PushCounts counts, IOptions<PushOptions> options, TimeProvider time, ILogger<PushDispatch> logger)
{
    /// <summary>With five seconds at first: 5 s, 20 s, 80 s, 5 min, 21 min.</summary>
    private const int MaxAttempts = 6;

    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    private readonly Dictionary<DeviceKind, IPushSender> senders = senders.ToDictionary(sender => sender.Kind);

    /// <summary>Until when a service wants nothing of a project. Of this process: each finds out for itself.</summary>
    private readonly ExpiringCache<(string ProjectId, DeviceKind Kind), DateTimeOffset> slowed = new(10_000, MaxPause, time);

    /// <summary>Whatever is thrown is a failure of storage: the trigger comes back with the same message.</summary>
    public async Task RunAsync(string text, CancellationToken cancellationToken)
    {
        if (PushTask.Read(text) is not { } task)
        {
            Unreadable(text.Length);
            return;
        }

        if (await projects.FindAsync(task.Project, cancellationToken) is not { HasDevices: true } project
            || time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(task.At) > PushEvents.Lifetime)
        {
            return;
        }

        var page = await members.ReadAsync(task, cancellationToken);
        if (page.Next is { } next)
        {
            // Before this page's own: another instance goes on with it at once. If this one ends now, both pages are sent again, and show
            // once.
            await events.EnqueueAsync(task with { After = next }, TimeSpan.Zero);
        }

        var targets = await audience.FindAsync(project, page.Recipients, task.Device, cancellationToken);
        await ManyRequests.EachAsync(targets, target => SendAsync(task, target, cancellationToken), cancellationToken);
    }

    private async Task SendAsync(PushTask task, PushTarget target, CancellationToken cancellationToken)
    {
        var (device, notice) = (target.Device, target.Notice);
        var again = task with
        {
            Sequences = [notice.Sequence],
            User = device.User.LoginId,
            Device = device.Id,
            After = "",
        };
        if (slowed.TryGet((task.Project, device.Kind), out var until) && until - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero)
        {
            // Not an attempt.
            await events.EnqueueAsync(again, wait + Spread());
            return;
        }

        var result = await senders[device.Kind].SendAsync(device, notice, cancellationToken);
        Instruments.DeviceTold(DeviceViews.Kind(device.Kind), result.Outcome.ToString().ToLowerInvariant());
        if (result.Outcome != PushOutcome.Later || task.Attempt >= MaxAttempts)
        {
            counts.Count(task.Project, device.Kind, result);
        }

        switch (result.Outcome)
        {
            case PushOutcome.Gone:
                await devices.RemoveWithOwnerAsync(device.User, device.Id, cancellationToken);
                break;

            case PushOutcome.Later when task.Attempt < MaxAttempts:
                var pause = result.After ?? TimeSpan.FromSeconds(options.Value.RetrySeconds * Math.Pow(4, task.Attempt - 1));
                if (result.SlowsProject && pause > TimeSpan.Zero)
                {
                    slowed.Set((task.Project, device.Kind), time.GetUtcNow() + pause);
                }

                await events.EnqueueAsync(again with { Attempt = task.Attempt + 1 }, pause + Spread());
                break;

            case PushOutcome.Later or PushOutcome.Refused:
                NotSent(task.Project, DeviceViews.Kind(device.Kind), result.Reason);
                break;
        }
    }

    /// <summary>So that not all come back at the same moment.</summary>
    private TimeSpan Spread() => TimeSpan.FromSeconds(options.Value.RetrySeconds * 0.2 * Random.Shared.NextDouble());

    [LoggerMessage(6510, LogLevel.Error, "A message of {Length} characters in the queue of push messages is none of ours, and was dropped")]
    private partial void Unreadable(int length);

    [LoggerMessage(6511, LogLevel.Warning, "A push message of project {Project} to a device of kind {Kind} was not sent: {Reason}")]
    private partial void NotSent(string project, string kind, string reason);
}
