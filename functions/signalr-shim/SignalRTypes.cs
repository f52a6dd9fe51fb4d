using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker;

// The official types declare these properties non-nullable, yet leave them null when no value arrives. So do these types.

/// <summary>Where and with which token a client connects.</summary>
public sealed class SignalRConnectionInfo
{
    public string Url { get; set; } = null!;

    public string AccessToken { get; set; } = null!;
}

/// <summary>A message to one connection, a user, a group, or everybody when none is named.</summary>
public sealed class SignalRMessageAction(string target)
{
    public SignalRMessageAction(string target, object[]? arguments)
        : this(target) => Arguments = arguments;

    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    public string Target { get; } = target ?? throw new ArgumentNullException(nameof(target));

    /// <summary>Null fails on the real host; pass an empty array for no arguments.</summary>
    public object[]? Arguments { get; set; }

    public SignalREndpoint[]? Endpoints { get; set; }
}

/// <summary>Adds a connection or a user to a group, or removes it.</summary>
public sealed class SignalRGroupAction(SignalRGroupActionType actionType)
{
    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    public SignalRGroupActionType Action { get; set; } = actionType;

    public SignalREndpoint[]? Endpoints { get; set; }
}

/// <summary>What to do with a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRGroupActionType
{
    Add,
    Remove,
    RemoveAll,
}

/// <summary>One of several SignalR services behind a hub.</summary>
public sealed class SignalREndpoint
{
    public SignalREndpointType EndpointType { get; set; }

    public string Name { get; set; } = null!;

    public string Endpoint { get; set; } = null!;

    public bool Online { get; set; }
}

/// <summary>Whether a service always takes clients, or only while no primary one can.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalREndpointType
{
    Primary,
    Secondary,
}

/// <summary>What a SignalR trigger learns about the client and its message.</summary>
public sealed class SignalRInvocationContext
{
    public object[]? Arguments { get; set; }

    /// <summary>Why a connection ended. Present only with <c>disconnected</c>, and not always.</summary>
    public string? Error { get; set; }

    public SignalRInvocationCategory Category { get; set; }

    public string Event { get; set; } = null!;

    public string Hub { get; set; } = null!;

    public string ConnectionId { get; set; } = null!;

    public string UserId { get; set; } = null!;

    [JsonConverter(typeof(StringValuesDictionaryConverter))]
    public IDictionary<string, StringValues> Headers { get; set; } = null!;

    [JsonConverter(typeof(StringValuesDictionaryConverter))]
    public IDictionary<string, StringValues> Query { get; set; } = null!;

    /// <summary>Of several claims of one type, only the first arrives.</summary>
    [JsonConverter(typeof(StringValuesDictionaryConverter))]
    public IDictionary<string, StringValues> Claims { get; set; } = null!;
}

/// <summary>Kind of a SignalR event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRInvocationCategory
{
    Connections,
    Messages,
}
