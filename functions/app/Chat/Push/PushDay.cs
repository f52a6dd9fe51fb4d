using Vox.Chat.Devices;

namespace Vox.Chat.Push;

/// <summary>What became of the push messages of a day to one kind of devices.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Sent">The service has taken them.</param>
/// <param name="Failed">Refused, or given up after all attempts.</param>
/// <param name="Removed">The service said that the device is gone: it was removed.</param>
public sealed record PushDay(DateOnly Day, DeviceKind Kind, long Sent, long Failed, long Removed);

/// <summary>The last push message to a kind of devices that failed.</summary>
/// <param name="Reason">The service's own word for it, see <see cref="PushResult"/>.</param>
public sealed record PushFailure(DeviceKind Kind, string Reason, DateTimeOffset At);
