namespace Vox.Portal.Estimate;

/// <summary>What is paid for by use, in dollars.</summary>
/// <param name="LiveMessages">As if none was included in the units.</param>
internal sealed record Bill(double Executions, double Instances, double Tables, double LiveMessages)
{
    public double Sum => Executions + Instances + Tables + LiveMessages;

    /// <summary>An operation, so many times, on instances that are busy.</summary>
    public static Bill Of(Operation operation, double times) => new(
        operation.Executions * times / 1e6 * AzurePrices.MillionExecutions,
        operation.Executions * times / AzurePrices.RequestsPerCoreSecond * 2.048 * AzurePrices.GigabyteSecond,
        operation.StorageRequests * times / 1e4 * AzurePrices.TenThousandTableRequests,
        operation.SignalRMessages * times / 1e6 * AzurePrices.MillionMessages);

    public static Bill operator +(Bill one, Bill other) => new(
        one.Executions + other.Executions, one.Instances + other.Instances, one.Tables + other.Tables,
        one.LiveMessages + other.LiveMessages);
}
