namespace Vox.Portal.Billing;

/// <summary>What a project pays on a day.</summary>
/// <param name="Custom">Whether any of it was agreed for this project.</param>
/// <param name="Since">The day of the last change; null: the rates are those from the start.</param>
public sealed record Rates(IReadOnlyList<PriceTier> Users, IReadOnlyList<PriceTier> Storage, bool Custom, DateOnly? Since);
