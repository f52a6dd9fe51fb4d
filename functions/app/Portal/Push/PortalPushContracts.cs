namespace Vox.Portal.Push;

/// <summary>How a project's push messages are set up, and what became of those of the last seven days.</summary>
/// <param name="Content">What they say: <c>full</c> (sender and text), <c>name</c> (only the sender) or <c>none</c>.</param>
/// <param name="WebKey">
/// The public key for browsers, made when the first of them asks. It never changes, because their subscriptions are for it. Absent
/// when none has asked.
/// </param>
/// <param name="Contact">Whom the push services of browsers reach when something is wrong: the setting <c>Push__Contact</c>.</param>
/// <param name="Days">By day and kind, the newest day first; without those on which nothing was sent. Up to a minute late.</param>
/// <param name="Failures">The last of each kind, of these days.</param>
internal sealed record PortalPushState(
    string Content, string? WebKey, string Contact, IReadOnlyList<PortalPushDay> Days, IReadOnlyList<PortalPushFailure> Failures);

/// <param name="Day">In UTC.</param>
/// <param name="Kind"><c>web</c>, <c>fcm</c> or <c>apns</c>.</param>
/// <param name="Sent">Taken by the service.</param>
/// <param name="Failed">Refused, or given up after six attempts.</param>
/// <param name="Removed">The device was gone, and was removed.</param>
internal sealed record PortalPushDay(DateOnly Day, string Kind, long Sent, long Failed, long Removed);

/// <param name="Kind"><c>web</c>, <c>fcm</c> or <c>apns</c>.</param>
/// <param name="Reason">The service's own word.</param>
/// <param name="Explanation">What it means and what to do, for people.</param>
internal sealed record PortalPushFailure(string Kind, string Reason, string Explanation, DateTimeOffset At);

/// <param name="Content"><c>full</c>, <c>name</c> or <c>none</c>.</param>
internal sealed record PortalPushContentRequest(string? Content);

/// <param name="Devices">The one that registered last first; at most 20. Never their tokens.</param>
internal sealed record PortalPushDevices(IReadOnlyList<PortalPushDevice> Devices);

/// <param name="Kind"><c>web</c>, <c>fcm</c> or <c>apns</c>.</param>
/// <param name="Language">Absent when not known.</param>
/// <param name="AppVersion">Absent when the app does not say.</param>
/// <param name="SeenAt">When it last registered.</param>
internal sealed record PortalPushDevice(string Id, string Kind, string? Language, string? AppVersion, DateTimeOffset SeenAt);

/// <param name="Username">Whose device it is.</param>
/// <param name="Device">Its id; absent for all of the user's.</param>
internal sealed record PortalPushTestRequest(string? Username, string? Device);

/// <param name="Results">One for each device.</param>
internal sealed record PortalPushTestResponse(IReadOnlyList<PortalPushTestResult> Results);

/// <param name="Device">The device's id.</param>
/// <param name="Kind"><c>web</c>, <c>fcm</c> or <c>apns</c>.</param>
/// <param name="Outcome">
/// <c>sent</c>: the service has taken it; <c>gone</c>: the device was removed; <c>later</c>: it may succeed later; <c>refused</c>.
/// </param>
/// <param name="Reason">The service's own word. Absent when it was sent.</param>
/// <param name="Explanation">What it means and what to do, for people.</param>
internal sealed record PortalPushTestResult(string Device, string Kind, string Outcome, string? Reason, string Explanation);
