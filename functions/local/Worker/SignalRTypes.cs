using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Where and with which token a client connects.</summary>
public sealed class SignalRConnectionInfo
{
    public string Url { get; set; } = "";

    public string AccessToken { get; set; } = "";
}

/// <summary>A message to one connection, a user, a group, or everybody when none is named.</summary>
public sealed class SignalRMessageAction(string target)
{
    public SignalRMessageAction(string target, object[]? arguments)
        : this(target) => Arguments = arguments;

    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    public string Target { get; set; } = target ?? throw new ArgumentNullException(nameof(target));

    public object[]? Arguments { get; set; }
}

/// <summary>Puts a connection or a user into a group or takes it out.</summary>
public sealed class SignalRGroupAction(SignalRGroupActionType actionType)
{
    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    public SignalRGroupActionType Action { get; set; } = actionType;
}

/// <summary>What to do with a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRGroupActionType
{
    Add,
    Remove,
    RemoveAll,
}

/// <summary>What a SignalR trigger learns about the client and its message.</summary>
public sealed class SignalRInvocationContext
{
    public object[]? Arguments { get; set; }

    public string? Error { get; set; }

    public SignalRInvocationCategory Category { get; set; }

    public string Event { get; set; } = "";

    public string Hub { get; set; } = "";

    public string ConnectionId { get; set; } = "";

    // The official type declares these two without null and still leaves them null when absent.
    public string UserId { get; set; } = null!;

    public IDictionary<string, StringValues> Headers { get; set; } = null!;

    public IDictionary<string, StringValues> Query { get; set; } = null!;

    public IDictionary<string, StringValues> Claims { get; set; } = null!;
}

/// <summary>Kind of a SignalR event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRInvocationCategory
{
    Connections,
    Messages,
}
