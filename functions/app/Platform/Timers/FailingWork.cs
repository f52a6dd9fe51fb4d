namespace Vox.Platform.Timers;

/// <summary>A piece of a timer's work that has failed at least once and was not done since.</summary>
/// <param name="Timer">The function.</param>
/// <param name="Item">What it is: ids, never names.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="RetryAt">No run tries it before.</param>
/// <param name="IsAside">It has failed too often, and is tried again only now and then.</param>
/// <param name="Reason">The kind of the last failure, without any text that may name somebody.</param>
public sealed record FailingWork(
    string Timer, string Item, int Attempts, DateTimeOffset Since, DateTimeOffset RetryAt, bool IsAside, string Reason);
