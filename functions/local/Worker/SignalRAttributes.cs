namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds the address and access token with which a client connects to a hub.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SignalRConnectionInfoInputAttribute : Attribute
{
    public string? ConnectionStringSetting { get; set; }

    public string? HubName { get; set; }

    /// <summary>A binding expression such as <c>{query.u}</c> or <c>{headers.x-user}</c>.</summary>
    public string? UserId { get; set; }

    public string? IdToken { get; set; }

    public string[]? ClaimTypeList { get; set; }
}

/// <summary>Sends the returned value, or the property's value, to a hub.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class SignalROutputAttribute : Attribute
{
    public string? HubName { get; set; }

    public string? ConnectionStringSetting { get; set; }
}

/// <summary>Runs a function when a client connects, disconnects or sends a message.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SignalRTriggerAttribute(string hubName, string category, string @event, params string[] parameterNames) : Attribute
{
    public SignalRTriggerAttribute(string hubName, string category, string @event)
        : this(hubName, category, @event, [])
    {
    }

    public string? ConnectionStringSetting { get; set; }

    public string HubName { get; } = hubName;

    public string Category { get; } = category;

    public string Event { get; } = @event;

    public string[] ParameterNames { get; } = parameterNames;
}
