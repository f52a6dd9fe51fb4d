using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Limits;

/// <summary>
/// How much one caller may ask for, and how much is accepted at once. Section <c>Limits</c>. Each process counts requests for itself,
/// which costs no storage request; with N instances a caller gets up to N times as much. Wrong passwords are counted for all instances
/// together.
/// </summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Requests per second of one user, on average. 1–1,000,000, default 100.</summary>
    [Range(1, 1_000_000)]
    public int UserPerSecond { get; set; } = 100;

    /// <summary>Requests of one user at once after a pause. 1–1,000,000, default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int UserBurst { get; set; } = 1_000;

    /// <summary>Requests per second of all users of a project, and by its auth token, on average. 1–1,000,000, default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int ProjectPerSecond { get; set; } = 5_000;

    /// <summary>Requests of one project at once after a pause. 1–1,000,000, default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int ProjectBurst { get; set; } = 20_000;

    /// <summary>Ids per second that one user may look up, on average. 1–1,000,000, default 10.</summary>
    [Range(1, 1_000_000)]
    public int LookupIdsPerSecond { get; set; } = 10;

    /// <summary>Ids that one user may look up at once after a pause. 200–1,000,000, default 2,000.</summary>
    [Range(200, 1_000_000)]
    public int LookupIdsBurst { get; set; } = 2_000;

    /// <summary>
    /// Times per second that one user may be heard typing, over all conversations, on average. Each also counts as a request of theirs.
    /// 1–1,000,000, default 5.
    /// </summary>
    [Range(1, 1_000_000)]
    public int TypingPerSecond { get; set; } = 5;

    /// <summary>Times that one user may be heard typing at once after a pause. 1–1,000,000, default 20.</summary>
    [Range(1, 1_000_000)]
    public int TypingBurst { get; set; } = 20;

    /// <summary>Requests per second from one address (IPv6: one /64 network), on average. 1–1,000,000, default 500.</summary>
    [Range(1, 1_000_000)]
    public int AddressPerSecond { get; set; } = 500;

    /// <summary>Requests from one address at once after a pause. 1–1,000,000, default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int AddressBurst { get; set; } = 5_000;

    /// <summary>
    /// Wrong passwords for one user per minute, from one address; above it, correct ones from there are refused too. A password that was
    /// right within the last day, and callers with the project's auth token, are never refused. 1–10,000, default 20.
    /// </summary>
    [Range(1, 10_000)]
    public int WrongPasswordsPerMinute { get; set; } = 20;

    /// <summary>
    /// Wrong passwords from one address per minute, for all users together, counted in each process. 1–10,000, default 60.
    /// </summary>
    [Range(1, 10_000)]
    public int WrongPasswordsOfAddressPerMinute { get; set; } = 60;

    /// <summary>
    /// Wrong passwords in one project per minute, also for users who do not exist; above it, those from addresses that sent some, or are
    /// not known, are refused unread. 1–1,000, default 120.
    /// </summary>
    [Range(1, 1_000)]
    public int WrongPasswordsOfProjectPerMinute { get; set; } = 120;

    /// <summary>
    /// Header to whose end a proxy in front appends the client's address: <c>X-Forwarded-For</c> on Azure, which the deployment sets.
    /// What stands before the last address counts for nothing. Default: none; then the connection's own address is used. Connections
    /// from this machine are not limited: behind the Functions host that is everybody.
    /// </summary>
    [RegularExpression("^[A-Za-z][A-Za-z0-9-]{0,63}$")]
    public string? ClientAddressHeader { get; set; }

    /// <summary>
    /// Id of the Front Door profile in front, which the deployment sets: requests with this id in <c>X-Azure-FDID</c> have the client's
    /// address in <c>X-Azure-ClientIP</c>. Default: none.
    /// </summary>
    [RegularExpression("^[0-9A-Fa-f-]{36}$")]
    public string? FrontDoorId { get; set; }

    /// <summary>
    /// Requests that this process works on at once. Above it, requests are refused immediately with 503, so that those under way stay
    /// fast. 8–100,000, default 1,000.
    /// </summary>
    [Range(8, 100_000)]
    public int MaxConcurrentRequests { get; set; } = 1_000;
}
