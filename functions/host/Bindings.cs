namespace Vox.DevHost;

/// <summary>Who may call an HTTP function: anyone, or holders of a key.</summary>
internal enum KeyLevel
{
    Anonymous,
    User,
    Function,
    System,
    Admin,
}

/// <param name="Route">Template; the function's name when null.</param>
/// <param name="Methods">HTTP methods; none means every method.</param>
internal sealed record HttpTrigger(string? Route, string[] Methods, KeyLevel Level);

/// <param name="Schedule">A six-field cron expression or <c>%SettingName%</c>, in UTC.</param>
internal sealed record TimerTrigger(string Schedule, bool RunOnStartup);

internal sealed record SignalRTrigger(string Hub, string Category, string Event, string[] ParameterNames, string? ConnectionSetting);

internal sealed record QueueTrigger(string Queue, string ConnectionSetting);

/// <param name="Name">The parameter that receives the address and access token.</param>
/// <param name="UserId">A binding expression such as <c>{query.u}</c>.</param>
/// <param name="HasClaims">Whether claims of an identity token are asked for, which this host cannot provide.</param>
internal sealed record ConnectionInfoBinding(string Name, string Hub, string? ConnectionSetting, string? UserId, bool HasClaims);

/// <param name="Name"><c>$return</c>, or the property of a multi-output class.</param>
internal sealed record SignalROutputBinding(string Name, string Hub, string? ConnectionSetting);
