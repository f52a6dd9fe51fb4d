namespace Vox.Benchmarks;

/// <summary>List prices in US dollars, pay as you go. Change them here when Azure changes them. Free grants are left out.</summary>
internal static class Prices
{
    /// <summary>Tables: 10,000 requests; a transaction counts as one.</summary>
    public const double TenThousandTableRequests = 0.00036;

    /// <summary>Tables: a gigabyte kept for a month, locally redundant.</summary>
    public const double TableGigabyteMonth = 0.045;

    /// <summary>Flex Consumption: a gigabyte of instance memory for a second, at least a second per active period.</summary>
    public const double GigabyteSecond = 0.000026;

    /// <summary>Flex Consumption: a million executions.</summary>
    public const double MillionExecutions = 0.40;

    /// <summary>SignalR: a unit for a month, with 1,000 connections and a million messages a day.</summary>
    public const double SignalRUnitMonth = 49;

    public const double UnitConnections = 1_000;

    public const double UnitMessagesADay = 1e6;

    /// <summary>SignalR: a million messages beyond those of the units.</summary>
    public const double MillionMessages = 1;

    /// <summary>Log Analytics: a gigabyte taken in.</summary>
    public const double TelemetryGigabyte = 2.30;

    /// <summary>Telemetry of one execution in bytes, after the sampling of host.json (at most five items a second per instance).</summary>
    public const double TelemetryBytes = 1_500;

    public const double TelemetryItemsASecond = 5;

    /// <summary>
    /// The number of requests that one busy instance answers, with room to spare: a vCPU (2 GB) at half load, 2 ms of CPU per request for
    /// host and worker together. Measured alone on one core, the app takes less than 1 ms and the host 0.4 ms (docs/performance.md).
    /// </summary>
    public const double BusyRequestsPerSecond = 250;
}
