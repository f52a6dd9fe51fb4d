namespace Vox.Benchmarks;

/// <summary>What is paid for by use, in dollars.</summary>
internal sealed record Bill(double Executions, double Instances, double Tables, double LiveMessages)
{
    public double Sum => Executions + Instances + Tables + LiveMessages;

    public static Bill Of(Operation operation, double times, double instanceSeconds) => new(
        operation.Executions * times / 1e6 * Prices.MillionExecutions,
        instanceSeconds * Habits.Default.InstanceGigabytes * Prices.GigabyteSecond,
        operation.StorageRequests * times / 1e4 * Prices.TenThousandTableRequests,
        operation.SignalRMessages * times / 1e6 * Prices.MillionMessages);
}

/// <summary>A month of 30 days.</summary>
internal sealed record Month(
    double Messages, double PeakConnections, int Units, double SignalR, double Executions, double Instances, double Tables, double Kept,
    double Telemetry)
{
    private const double Days = 30;

    public double Sum => SignalR + Executions + Instances + Tables + Kept + Telemetry;

    public static Month Of(double users, IReadOnlyList<Operation> counts, Habits habits)
    {
        var daily = users * habits.DailyShare;
        var messages = daily * habits.MessagesADay;
        var perDay = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [OperationCounts.Message] = messages,
            [OperationCounts.Receipt] = messages * habits.ReceiptsPerMessage,
            [OperationCounts.LogIn] = daily * habits.LogInsADay,
            [OperationCounts.Refresh] = daily * habits.HoursOnline * habits.RefreshesAnHour,
            [OperationCounts.Beat] = daily * habits.HoursOnline * habits.BeatsAnHour,
            [OperationCounts.Page] = daily * habits.PagesADay,
            [OperationCounts.Sync] = daily * habits.BreaksADay,
        };
        double executions = 0, requests = 0, live = 0;
        foreach (var (name, times) in perDay)
        {
            var operation = counts.Single(o => o.Name == name);
            executions += times * operation.Executions;
            requests += times * operation.StorageRequests;
            live += times * operation.SignalRMessages;
        }

        // The timers cost one execution and a few requests a minute, no matter how many users there are.
        executions += 3 * 24 * 60;
        requests += 6 * 24 * 60;

        var peak = users * habits.PeakShare;
        var units = (int)Math.Max(1, Math.Ceiling(peak / Prices.UnitConnections));
        var seconds = InstanceSeconds(executions, habits.BusyHours);
        return new Month(
            messages * Days,
            peak,
            units,
            (units * Prices.SignalRUnitMonth)
                + (Math.Max(0, live - (units * Prices.UnitMessagesADay)) * Days / 1e6 * Prices.MillionMessages),
            executions * Days / 1e6 * Prices.MillionExecutions,
            seconds * Days * habits.InstanceGigabytes * Prices.GigabyteSecond,
            requests * Days / 1e4 * Prices.TenThousandTableRequests,
            messages * Days * habits.MonthsKept * habits.BytesKept / 1e9 * Prices.TableGigabyteMonth,
            Math.Min(executions, Math.Ceiling(seconds / 86_400) * Prices.TelemetryItemsASecond * 86_400)
                * Prices.TelemetryBytes * Days / 1e9 * Prices.TelemetryGigabyte);
    }

    /// <summary>
    /// Seconds a day for which instances are paid. An instance is active while it has a request, at least a second: requests that
    /// come at random at a rate of r a second keep one active for the share 1 - e^-r of the time. Above what one instance answers
    /// there are as many as the load needs.
    /// </summary>
    private static double InstanceSeconds(double executionsADay, double busyHours)
    {
        var busy = busyHours * 3_600;
        var rate = executionsADay / busy;
        return busy * Math.Max(1 - Math.Exp(-rate), rate / Prices.BusyRequestsPerSecond);
    }
}
