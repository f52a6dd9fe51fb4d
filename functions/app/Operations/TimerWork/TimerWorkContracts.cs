namespace Vox.Operations.TimerWork;

/// <summary>What fails, the newest failures last.</summary>
/// <param name="Work">At most 1,000.</param>
public sealed record TimerWorkResponse(IReadOnlyList<TimerWorkItem> Work);

/// <summary>A piece of a timer's work that fails.</summary>
/// <param name="Item">Which: ids.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="RetryAt">No run tries it before.</param>
/// <param name="SetAside">It has failed too often, and is tried again only every few hours.</param>
/// <param name="Reason">The kind of the last failure. The log has the whole of it.</param>
public sealed record TimerWorkItem(
    string Timer, string Item, int Attempts, DateTimeOffset Since, DateTimeOffset RetryAt, bool SetAside, string Reason);

/// <summary>What to take up again at the next run.</summary>
/// <param name="Timer">The timer, such as <c>ChargeProjects</c>.</param>
/// <param name="Item">The piece of work as it is listed; absent for all of the timer.</param>
public sealed record RetryTimerWorkRequest(string? Timer, string? Item);

/// <param name="Count">How many pieces of work are taken up again.</param>
public sealed record RetryTimerWorkResponse(int Count);
