namespace Vox.Portal.Estimate;

/// <summary>What a deployment costs on Azure: the model of docs/costs.md.</summary>
public sealed class EstimateService
{
    internal EstimateResponse Estimate(int users, ChatHabits habits, DeploymentSize size)
    {
        var month = Month.Of(users, CountedOperations.All, habits, size);
        EstimateLine[] lines =
        [
            new("signalr", month.SignalR), new("instances", month.Instances), new("executions", month.Executions),
            new("timers", month.Timers), new("tables", month.Tables), new("kept", month.Kept), new("telemetry", month.Telemetry),
            new("watching", month.Watching), new("frontdoor", month.FrontDoor),
        ];
        return new EstimateResponse(
            month.Messages,
            month.PeakConnections,
            Math.Round(month.Units, 1),
            [.. lines.Where(line => line.Amount > 0).OrderByDescending(line => line.Amount).Select(Rounded)],
            Cents(month.Sum),
            Math.Round(month.Sum / users, 4),
            month.Messages == 0 ? 0 : Cents(month.Sum / month.Messages * 1e6));
    }

    private static EstimateLine Rounded(EstimateLine line) => line with { Amount = Cents(line.Amount) };

    private static double Cents(double dollars) => Math.Round(dollars, 2);
}
