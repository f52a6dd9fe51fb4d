namespace Vox.Portal.Estimate;

/// <summary>
/// List prices in US dollars, pay as you go, of a western region. Change them here when Azure changes them. Free grants are left out.
/// </summary>
internal static class AzurePrices
{
    /// <summary>Tables: 10,000 requests; a transaction counts as one.</summary>
    public const double TenThousandTableRequests = 0.00036;

    /// <summary>Tables: a gigabyte kept for a month, locally redundant.</summary>
    public const double TableGigabyteMonth = 0.045;

    /// <summary>By how much data that is kept in three zones and in a second region (GZRS) is dearer.</summary>
    public const double Replicated = 2.25;

    /// <summary>Flex Consumption: a gigabyte of instance memory for a second, at least a second per active period.</summary>
    public const double GigabyteSecond = 0.000026;

    /// <summary>Flex Consumption: the same on an instance that is always ready, while it has a request.</summary>
    public const double ReadyGigabyteSecond = 0.000016;

    /// <summary>Flex Consumption: a gigabyte of an instance that is always ready, for each second of the month.</summary>
    public const double BaselineGigabyteSecond = 0.000004;

    /// <summary>Flex Consumption: a million executions.</summary>
    public const double MillionExecutions = 0.40;

    /// <summary>SignalR Standard: a unit for a month, with 1,000 connections and a million messages a day.</summary>
    public const double SignalRUnitMonth = 49;

    /// <summary>SignalR Premium: the same. Only this tier follows the load by itself. Taken to be charged by the hour.</summary>
    public const double PremiumUnitMonth = 61;

    public const double UnitConnections = 1_000;

    public const double UnitMessagesADay = 1e6;

    /// <summary>SignalR: messages to single users that a unit takes in a second by its REST API (Microsoft's performance guide).</summary>
    public const double UnitUserSends = 200;

    /// <summary>SignalR: a million messages beyond those of the units.</summary>
    public const double MillionMessages = 1;

    /// <summary>The most units of one service; there may be several services.</summary>
    public const int MostUnits = 100;

    /// <summary>Log Analytics: a gigabyte taken in.</summary>
    public const double TelemetryGigabyte = 2.30;

    /// <summary>The most bytes of an execution that is recorded, as they are sent (SamplingTests).</summary>
    public const double TelemetryBytes = 1_000;

    /// <summary>Bytes of an instance's metrics for a minute: an idle one sent 16,700.</summary>
    public const double MetricBytesAMinute = 17_000;

    /// <summary>Alerts of infra-bicep/modules/alerts.bicep for a month.</summary>
    public const double AlertsMonth = 18;

    /// <summary>The availability test for a month.</summary>
    public const double AvailabilityTestMonth = 8;

    public const double FrontDoorMonth = 35;

    /// <summary>
    /// The number of requests that a vCPU answers at half load: 2 ms of CPU per request for host and worker together. Measured
    /// alone on one core, the app takes less than 1 ms and the host 0.4 ms (docs/performance.md).
    /// </summary>
    public const double RequestsPerCoreSecond = 250;

    /// <summary>vCPUs of an instance: a quarter with 512 MB, one with 2 GB, two with 4 GB.</summary>
    public static double CoresOf(int memoryMegabytes) => memoryMegabytes / 2_048.0;
}
