namespace Vox.Portal.Estimate;

/// <summary>What one operation of a user takes, counted.</summary>
/// <param name="Executions">Function executions.</param>
/// <param name="StorageRequests">Requests to tables; a transaction is one.</param>
/// <param name="SignalRMessages">Outbound messages of up to 2 KB each, to one connection of each user and to the app.</param>
internal sealed record Operation(string Name, double Executions, double StorageRequests, double SignalRMessages);
