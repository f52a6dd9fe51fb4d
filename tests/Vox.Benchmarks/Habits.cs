namespace Vox.Benchmarks;

/// <summary>What the users of a chat do. These are assumptions; everything else is counted.</summary>
internal sealed record Habits
{
    public static Habits Default { get; } = new();

    /// <summary>The share of all users who come on a day.</summary>
    public double DailyShare { get; init; } = 0.3;

    /// <summary>The share of all users who are connected at the busiest time.</summary>
    public double PeakShare { get; init; } = 0.1;

    /// <summary>The number of hours of traffic at the mean rate that a day has.</summary>
    public double BusyHours { get; init; } = 16;

    public double MessagesADay { get; init; } = 40;

    public double ReceiptsPerMessage { get; init; } = 0.5;

    public double HoursOnline { get; init; } = 2;

    public double LogInsADay { get; init; } = 2;

    public double BreaksADay { get; init; } = 6;

    public double PagesADay { get; init; } = 15;

    /// <summary>Access tokens live 15 minutes.</summary>
    public double RefreshesAnHour { get; init; } = 4;

    /// <summary>Clients give a sign of life after a third of the lease of three minutes.</summary>
    public double BeatsAnHour { get; init; } = 60;

    /// <summary>Bytes of a message in tables: conversation and log.</summary>
    public double BytesKept { get; init; } = 1_500;

    public double MonthsKept { get; init; } = 12;

    /// <summary>
    /// The memory of an instance. This is not a habit of the users but a choice of the operator. prod.bicepparam has 2 GB.
    /// </summary>
    public double InstanceGigabytes { get; init; } = 2;
}
