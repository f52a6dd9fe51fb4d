using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>Sends a push message at once that is of no conversation, so that developers see whether their keys are good.</summary>
public sealed class PushTest(DeviceStore devices, IEnumerable<IPushSender> senders, TimeProvider time)
{
    private readonly Dictionary<DeviceKind, IPushSender> senders = senders.ToDictionary(sender => sender.Kind);

    /// <summary>Somebody is waiting for the answer. Libraries of services try for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// One attempt for each device, whatever its hours of quiet are. A device that is gone is removed, as with any push message. Nothing is
    /// counted.
    /// </summary>
    /// <param name="deviceId">Only this one; null for all of the user's.</param>
    /// <exception cref="VoxException">not_found: there is no such device</exception>
    public async Task<IReadOnlyList<(Device Device, PushResult Result)>> SendAsync(
        Project project, Model.UserIdentity user, string? deviceId, CancellationToken cancellationToken)
    {
        var all = (await devices.ListAsync(user, cancellationToken)).FindAll(device => deviceId is null || device.Id == deviceId);
        if (all.Count == 0)
        {
            throw deviceId is null
                ? new VoxException(Errors.NotFound, "The user has no device that is registered for push messages.", "username")
                : new VoxException(Errors.NotFound, "The user has no such device: it was removed meanwhile.", "device");
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var notice = new PushNotice(
            project.Id, "psh_test_" + KeyText.Digest(project.Id, $"{now}"), PushAnswers.Tag(project.Id, "test"), "Test",
            $"Push messages of {project.Name} reach this device.", "", null, now, now, Silent: false);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var sent = await ManyRequests.EachAsync(
            all, async device => (device, await TryAsync(device, notice, either.Token, cancellationToken)), cancellationToken);
        foreach (var (device, _) in sent.Where(one => one.Item2.Outcome == PushOutcome.Gone))
        {
            await devices.RemoveWithOwnerAsync(user, device.Id, CancellationToken.None);
        }

        return [.. sent];
    }

    private async Task<PushResult> TryAsync(
        Device device, PushNotice notice, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await senders[device.Kind].SendAsync(device, notice, limit);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(PushOutcome.Later, "unreachable");
        }
    }
}
