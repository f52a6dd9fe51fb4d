namespace Vox.Portal.Billing;

/// <summary>What a project was charged for a day, and what it was charged for.</summary>
/// <param name="Bytes">Stored on that day.</param>
public sealed record Charge(DateOnly Day, int Users, long Bytes, decimal UserCharge, decimal StorageCharge)
{
    public decimal Total => UserCharge + StorageCharge;
}
