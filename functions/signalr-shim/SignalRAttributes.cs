using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

// The base classes say where these attributes may stand. Their names without the ending (InputAttribute, OutputAttribute or Attribute) are
// the binding types that the build writes into functions.metadata: signalRConnectionInfo, signalR, signalRTrigger. Their properties are
// those of the binding.

/// <summary>Binds the address and access token with which a client connects to a hub.</summary>
public sealed class SignalRConnectionInfoInputAttribute : InputBindingAttribute
{
    /// <summary>Name of the setting with the connection string.</summary>
    public string? ConnectionStringSetting { get; set; }

    public string? HubName { get; set; }

    /// <summary>A binding expression such as <c>{query.u}</c> or <c>{headers.x-user}</c>.</summary>
    public string? UserId { get; set; }

    public string? IdToken { get; set; }

    public string[]? ClaimTypeList { get; set; }
}

/// <summary>Sends the returned value, or the property's value, to a hub.</summary>
public sealed class SignalROutputAttribute : OutputBindingAttribute
{
    public string? ConnectionStringSetting { get; set; }

    public string? HubName { get; set; }
}

/// <summary>Runs a function when a client connects, disconnects or sends a message.</summary>
/// <param name="hubName">Name of the hub.</param>
/// <param name="category"><c>connections</c> or <c>messages</c>.</param>
/// <param name="event"><c>connected</c>, <c>disconnected</c>, or the method that the client invoked.</param>
/// <param name="parameterNames">Names under which the function receives the message's arguments, in order.</param>
public sealed class SignalRTriggerAttribute(string hubName, string category, string @event, params string[] parameterNames)
    : TriggerBindingAttribute
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
