namespace Vox.Portal.Estimate;

/// <summary>
/// What the deployment costs its operators on Azure in a month of 30 days, by list prices. Not what customers are charged.
/// </summary>
/// <param name="Messages">Messages in the month.</param>
/// <param name="PeakConnections">Connections at the busiest time.</param>
/// <param name="SignalRUnits">Units of Azure SignalR that carry them at 80 % load; where they follow the load, the mean of a day.</param>
/// <param name="Lines">What the sum is made of; the largest first.</param>
/// <param name="Sum">US dollars.</param>
/// <param name="PerUser">US dollars for each of all users.</param>
/// <param name="PerMillionMessages">US dollars, all included.</param>
internal sealed record EstimateResponse(
    double Messages, double PeakConnections, double SignalRUnits, IReadOnlyList<EstimateLine> Lines, double Sum, double PerUser,
    double PerMillionMessages);

/// <param name="Name">signalr, executions, instances, timers, tables, kept, telemetry, watching or frontdoor.</param>
/// <param name="Amount">US dollars.</param>
internal sealed record EstimateLine(string Name, double Amount);
