namespace Vox.Portal.Estimate;

/// <summary>What a month of 30 days costs, in dollars, and what it is made of.</summary>
/// <param name="Units">Of Azure SignalR; with autoscale the mean.</param>
internal sealed record Month(
    double Messages, double PeakConnections, double Units, double SignalR, double Executions, double Instances, double Timers,
    double Tables, double Kept, double Telemetry, double Watching, double FrontDoor)
{
    private const double Days = 30;
    private const double SecondsADay = 86_400;

    /// <summary>A resource is used up to this share: latency rises before its limit, and clients that connect again come on top.</summary>
    private const double Load = 0.8;

    /// <summary>
    /// Runs of timers a day: nine every minute, five each five minutes, two each ten, some less often. Flex Consumption gives each timer
    /// an instance of its own, which is paid for at least a second.
    /// </summary>
    private const double TimerRuns = (9 * 1_440) + (5 * 288) + (2 * 144) + (4 * 24) + 3;

    private const double RequestsPerTimerRun = 2;

    public double Sum => SignalR + Executions + Instances + Timers + Tables + Kept + Telemetry + Watching + FrontDoor;

    public static Month Of(double users, IReadOnlyList<Operation> counts, ChatHabits habits, DeploymentSize size)
    {
        var daily = users * habits.DailyShare;
        var messages = daily * habits.MessagesADay;
        var (executions, requests, live) = ADay(daily, messages, counts, habits, size);
        var peak = users * habits.PeakShare;
        var most = UnitsFor(peak, live, daily * habits.HoursOnline);
        var units = size.Autoscale ? MeanUnits(most, daily * habits.HoursOnline / habits.BusyHours, habits.BusyHours) : most;
        var gigabytes = size.MemoryMegabytes / 1_000.0;
        var (ready, more) = InstanceSeconds(executions, habits.BusyHours, size);
        var recorded = (executions * size.Recorded * AzurePrices.TelemetryBytes)
            + ((((ready + more) / 60) + TimerRuns) * AzurePrices.MetricBytesAMinute);
        return new Month(
            messages * Days,
            peak,
            units,
            (units * (size.Autoscale ? AzurePrices.PremiumUnitMonth : AzurePrices.SignalRUnitMonth))
                + (Math.Max(0, live - (units * AzurePrices.UnitMessagesADay)) * Days / 1e6 * AzurePrices.MillionMessages),
            (executions + TimerRuns) * Days / 1e6 * AzurePrices.MillionExecutions,
            ((ready * AzurePrices.ReadyGigabyteSecond) + (more * AzurePrices.GigabyteSecond)
                + (size.AlwaysReady * SecondsADay * AzurePrices.BaselineGigabyteSecond)) * Days * gigabytes,
            TimerRuns * Days * gigabytes * AzurePrices.GigabyteSecond,
            (requests + (TimerRuns * RequestsPerTimerRun)) * Days / 1e4 * AzurePrices.TenThousandTableRequests,
            messages * Days * habits.MonthsKept * habits.BytesKept / 1e9 * AzurePrices.TableGigabyteMonth
                * (size.Replicated ? AzurePrices.Replicated : 1),
            recorded * Days / 1e9 * AzurePrices.TelemetryGigabyte,
            size.Watched ? AzurePrices.AlertsMonth + AzurePrices.AvailabilityTestMonth : 0,
            size.FrontDoor ? AzurePrices.FrontDoorMonth : 0);
    }

    private static (double Executions, double Requests, double Live) ADay(
        double daily, double messages, IReadOnlyList<Operation> counts, ChatHabits habits, DeploymentSize size)
    {
        var first = Math.Min(messages, daily * habits.ConversationsADay);
        double executions = 0, requests = 0, live = 0;
        foreach (var (name, times) in new (string, double)[]
        {
            (CountedOperations.Message, messages - first),
            (CountedOperations.FirstMessage, first),
            (CountedOperations.Receipt, messages * habits.ReceiptsPerMessage),
            (CountedOperations.Typing, messages * habits.TypingPerMessage),
            (CountedOperations.LogIn, daily * habits.LogInsADay),
            (CountedOperations.Connection, daily * (habits.LogInsADay + habits.BreaksADay)),
            (CountedOperations.Refresh, daily * habits.HoursOnline * habits.RefreshesAnHour),
            (CountedOperations.Beat, daily * habits.HoursOnline * size.BeatsAnHour),
            (CountedOperations.Page, daily * habits.PagesADay),
            (CountedOperations.Sync, daily * habits.BreaksADay),
        })
        {
            var operation = counts.Single(o => o.Name == name);
            executions += times * operation.Executions;
            requests += times * operation.StorageRequests;
            live += times * operation.SignalRMessages;
        }

        return (executions, requests, live);
    }

    /// <summary>
    /// For the connections at the busiest time, and for the messages that come then: those of a day, spread over the hours that users are
    /// online. Azure sells 1 to 10 units, then tens, up to 100 a service.
    /// </summary>
    private static int UnitsFor(double peak, double liveADay, double hoursOnlineADay)
    {
        var sends = hoursOnlineADay == 0 ? 0 : peak * liveADay / hoursOnlineADay / 3_600;
        var needed = (int)Math.Ceiling(
            Math.Max(1, Math.Max(peak / AzurePrices.UnitConnections, sends / AzurePrices.UnitUserSends) / Load));
        var full = needed / AzurePrices.MostUnits * AzurePrices.MostUnits;
        var rest = needed - full;
        return full + (rest <= 10 ? rest : (rest + 9) / 10 * 10);
    }

    /// <summary>
    /// The mean of a day whose units follow the connections, with a fifth on top because they follow late and in steps. At night a tenth
    /// of the most is kept.
    /// </summary>
    private static double MeanUnits(int most, double meanConnections, double busyHours)
    {
        var least = Math.Max(1, most / 10.0);
        var busy = Math.Clamp(1.2 * meanConnections / AzurePrices.UnitConnections / Load, least, most);
        return ((busy * busyHours) + (least * (24 - busyHours))) / 24;
    }

    /// <summary>
    /// Seconds a day for which instances are paid. An instance is active while it has a request, at least a second: requests that
    /// come at random at a rate of r a second keep one active for the share 1 - e^-r of the time. Above what one instance answers
    /// there are as many as the load needs. Those that are always ready are used first, and cost less.
    /// </summary>
    private static (double Ready, double More) InstanceSeconds(double executionsADay, double busyHours, DeploymentSize size)
    {
        var busy = busyHours * 3_600;
        var rate = executionsADay / busy;
        var instances = Math.Max(
            1 - Math.Exp(-rate), rate / (AzurePrices.RequestsPerCoreSecond * AzurePrices.CoresOf(size.MemoryMegabytes)));
        var ready = Math.Min(instances, size.AlwaysReady);
        return (busy * ready, busy * (instances - ready));
    }
}
