using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Vox.Platform.Telemetry;

/// <summary>
/// What this app tells about itself: spans and metrics named Vox. They cost next to nothing while nobody listens. They never contain names
/// of users, conversations or projects: those are many and personal.
/// </summary>
internal static class Instruments
{
    public const string Name = "Vox";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> MessagesSent = Meter.CreateCounter<long>("vox.messages.sent", "{message}", "Messages stored.");

    public static readonly Counter<long> MessagesRepeated = Meter.CreateCounter<long>(
        "vox.messages.repeated", "{message}", "Sends that were stored before, and answered with the first result.");

    public static readonly Counter<long> PushesSent = Meter.CreateCounter<long>(
        "vox.pushes.sent", "{push}", "Calls that the SignalR service took.");

    public static readonly Counter<long> PushesFailed = Meter.CreateCounter<long>("vox.pushes.failed", "{push}", "Calls given up.");

    public static readonly Counter<long> PushesDropped = Meter.CreateCounter<long>(
        "vox.pushes.dropped", "{push}", "Pushes not tried, because too many were under way.");

    public static readonly Counter<long> RequestsShed = Meter.CreateCounter<long>(
        "vox.requests.shed", "{request}", "Requests refused because too many were under way.");

    public static readonly Histogram<int> CommitSize = Meter.CreateHistogram<int>(
        "vox.commit.size", "{message}", "Messages in one transaction of a conversation.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 49] });

    public static readonly Counter<long> CommitRetries = Meter.CreateCounter<long>(
        "vox.commit.retries", "{attempt}", "Transactions tried again, by reason: conflict with another process, or unanswered.");

    public static readonly Counter<long> StorageRequests = Meter.CreateCounter<long>(
        "vox.storage.requests", "{request}", "Requests to storage, tries after the first included.");

    public static readonly Counter<long> StorageThrottled = Meter.CreateCounter<long>(
        "vox.storage.throttled", "{request}", "Requests that storage refused as too many (429, 503).");

    public static readonly Counter<long> RowsUpgraded = Meter.CreateCounter<long>(
        "vox.rows.upgraded", "{row}", "Rows that the sweep has brought from an earlier shape to the newest.");

    public static readonly Histogram<double> StorageDuration = Meter.CreateHistogram<double>(
        "vox.storage.duration", "s", "Duration of one request to storage.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10] });

    public static readonly Histogram<double> FunctionDuration = Meter.CreateHistogram<double>(
        "vox.function.duration", "s", "Duration of one function, by name and status.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10] });

    private static readonly Counter<long> TimerWork = Meter.CreateCounter<long>(
        "vox.timer.work", "{item}", "Pieces of work of timers, by timer and outcome: done, failed (tried again soon), or set aside.");

    private static readonly Counter<long> DevicesTold = Meter.CreateCounter<long>(
        "vox.devices.told", "{attempt}",
        "Attempts to send a push message to a device, by its kind and by outcome: sent, gone, later or refused.");

    private static readonly Counter<long> WebhooksSent = Meter.CreateCounter<long>(
        "vox.webhooks.sent", "{attempt}", "Attempts to deliver a webhook, by outcome: delivered or failed.");

    private static readonly Counter<long> BeforeSend = Meter.CreateCounter<long>(
        "vox.beforesend.asked", "{message}",
        "Messages for which a before-send hook was to be asked, by outcome: allowed, changed, refused, failed or skipped.");

    /// <summary>Starts the span of a batch for all its senders: a child of the first sender's request, linked to the others'.</summary>
    public static Activity? StartCommit(IReadOnlyList<ActivityContext> senders)
    {
        CommitSize.Record(senders.Count);
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity(
            "commit messages", ActivityKind.Internal, senders[0],
            links: senders.Skip(1).Where(s => s != default).Select(s => new ActivityLink(s)));
        activity?.SetTag("vox.commit.size", senders.Count);
        return activity;
    }

    /// <summary>
    /// Starts the span of background work for many requests: a trace of its own, not the end of whichever request came first.
    /// </summary>
    public static Activity? StartRoot(string name)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity(name);
        if (activity is null)
        {
            Activity.Current = outer;
        }

        return activity;
    }

    /// <param name="kind">web, fcm, apns.</param>
    /// <param name="outcome">sent, gone, later, refused.</param>
    public static void DeviceTold(string kind, string outcome) => DevicesTold.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">delivered, failed.</param>
    public static void WebhookSent(string outcome) => WebhooksSent.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">allowed, changed, refused, failed, skipped.</param>
    public static void BeforeSendAsked(string outcome) =>
        BeforeSend.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Retried(string reason) => CommitRetries.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">done, failed, aside.</param>
    public static void TimerWorked(string timer, string outcome) => TimerWork.Add(
        1, new KeyValuePair<string, object?>("timer", timer), new KeyValuePair<string, object?>("outcome", outcome));
}
