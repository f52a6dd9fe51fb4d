namespace Vox.Portal.Estimate;

/// <summary>What the users of a chat do. These are assumptions; everything else is counted.</summary>
internal sealed record ChatHabits
{
    public static ChatHabits Default { get; } = new();

    /// <summary>The share of all users who come on a day.</summary>
    public double DailyShare { get; init; } = 0.3;

    /// <summary>The share of all users who are connected at the busiest time.</summary>
    public double PeakShare { get; init; } = 0.1;

    /// <summary>The number of hours of traffic at the mean rate that a day has.</summary>
    public double BusyHours { get; init; } = 16;

    /// <summary>Of a user who comes, on that day; so are all that follow.</summary>
    public double MessagesADay { get; init; } = 40;

    /// <summary>Conversations in which the user writes, each met anew by an instance.</summary>
    public double ConversationsADay { get; init; } = 5;

    public double ReceiptsPerMessage { get; init; } = 0.5;

    /// <summary>Signals of typing; the web SDK gives one in 2.5 seconds.</summary>
    public double TypingPerMessage { get; init; } = 2;

    public double HoursOnline { get; init; } = 2;

    public double LogInsADay { get; init; } = 2;

    public double BreaksADay { get; init; } = 6;

    public double PagesADay { get; init; } = 15;

    /// <summary>Access tokens live 15 minutes.</summary>
    public double RefreshesAnHour { get; init; } = 4;

    /// <summary>Bytes of a message in tables: conversation and log.</summary>
    public double BytesKept { get; init; } = 1_500;

    public double MonthsKept { get; init; } = 12;
}
