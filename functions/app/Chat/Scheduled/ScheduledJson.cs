using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Scheduled;

[JsonSerializable(typeof(RescheduleRequest))]
[JsonSerializable(typeof(ScheduledList))]
[JsonSerializable(typeof(ScheduledView))]
[JsonSerializable(typeof(ScheduleRequest))]
internal sealed partial class ScheduledJson : JsonSerializerContext
{
    public static ScheduledJson Wire { get; } = new(WireFormat.NewOptions());
}
