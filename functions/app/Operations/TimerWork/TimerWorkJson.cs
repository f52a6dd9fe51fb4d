using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Operations.TimerWork;

[JsonSerializable(typeof(TimerWorkResponse))]
[JsonSerializable(typeof(RetryTimerWorkRequest))]
[JsonSerializable(typeof(RetryTimerWorkResponse))]
internal sealed partial class TimerWorkJson : JsonSerializerContext
{
    public static TimerWorkJson Wire { get; } = new(WireFormat.NewOptions());
}
