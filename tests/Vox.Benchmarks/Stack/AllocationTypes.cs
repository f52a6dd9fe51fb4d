using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Vox.Benchmarks.Stack;

/// <summary>
/// Shows the types of the allocated bytes. The runtime reports one object for about every 100 KB. This costs time, so it is done only on
/// request.
/// </summary>
internal sealed class AllocationTypes : EventListener
{
    /// <summary>The argument of the app's process that turns this on.</summary>
    public const string Argument = "--allocations";

    private const EventKeywords Gc = (EventKeywords)1;
    private const int AllocationTick = 10;

    private readonly ConcurrentDictionary<string, long> bytes = new(StringComparer.Ordinal);

    public Dictionary<string, long> Take()
    {
        var taken = bytes.ToDictionary(StringComparer.Ordinal);
        bytes.Clear();
        return taken;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId == AllocationTick && eventData.Payload is [_, _, _, ulong amount, _, string type, ..])
        {
            bytes.AddOrUpdate(type, (long)amount, (_, sum) => sum + (long)amount);
        }
    }
}
