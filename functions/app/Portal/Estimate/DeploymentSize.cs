namespace Vox.Portal.Estimate;

/// <summary>What the operator chooses: parameters of infra-bicep.</summary>
internal sealed record DeploymentSize
{
    /// <summary>Memory of an instance: 512, 2,048 or 4,096 MB.</summary>
    public int MemoryMegabytes { get; init; } = 2_048;

    /// <summary>Instances for HTTP that are always there.</summary>
    public int AlwaysReady { get; init; } = 1;

    /// <summary>Data in three zones and a second region (GZRS) instead of one place.</summary>
    public bool Replicated { get; init; } = true;

    /// <summary>The share of requests without an error that telemetry records.</summary>
    public double Recorded { get; init; } = 0.1;

    /// <summary>Alerts and the availability test.</summary>
    public bool Watched { get; init; } = true;

    public bool FrontDoor { get; init; }

    /// <summary><c>Presence__LeaseSeconds</c>: clients give a sign of life after a third of it.</summary>
    public int LeaseSeconds { get; init; } = 180;

    /// <summary>SignalR Premium, whose units follow the connections, instead of Standard with the units of the busiest time.</summary>
    public bool Autoscale { get; init; }

    public double BeatsAnHour => 3_600 / (LeaseSeconds / 3.0);

    /// <summary>What docs/costs.md advises for so many users.</summary>
    public static DeploymentSize For(double users) => users <= 10_000
        ? new() { MemoryMegabytes = 512 }
        : new() { Recorded = 0.01, LeaseSeconds = 600, Autoscale = true };
}
