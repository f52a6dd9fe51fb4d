using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Vox.SignalREmulation;

/// <summary>The hub protocols, and the two messages that exist only between the service and an upstream.</summary>
internal static class HubMessages
{
    private static readonly IHubProtocol Json = new JsonHubProtocol();
    private static readonly IHubProtocol MessagePack = new MessagePackHubProtocol();

    public static byte[] Connected { get; } = """{"type":10}"""u8.ToArray();

    public static byte[] Disconnected(string? error) => error is null
        ? """{"type":11}"""u8.ToArray()
        : JsonSerializer.SerializeToUtf8Bytes(new { type = 11, error });

    public static IHubProtocol? FindProtocol(string name) => name switch
    {
        "json" => Json,
        "messagepack" => MessagePack,
        _ => null,
    };

    public static bool IsMessagePack(IHubProtocol protocol) => ReferenceEquals(protocol, MessagePack);

    public static object? ArgumentFor(IHubProtocol protocol, JsonElement value) => IsMessagePack(protocol) ? ToObject(value) : value;

    /// <summary>The answer to an <c>invoke</c>, made from what the upstream returned (a completion message in JSON).</summary>
    public static CompletionMessage Completion(IHubProtocol protocol, string invocationId, UpstreamAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return CompletionMessage.WithError(invocationId, $"Invocation failed, status code {answer.Status}");
        }
        // The record separator at the end is optional.
        var body = answer.Body.AsMemory().TrimEnd((byte)0x1e);
        if (body.IsEmpty)
        {
            return CompletionMessage.Empty(invocationId);
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String)
            {
                return CompletionMessage.WithError(invocationId, error.GetString());
            }

            return json.RootElement.TryGetProperty("result", out var result)
                ? CompletionMessage.WithResult(invocationId, ArgumentFor(protocol, result.Clone()))
                : CompletionMessage.Empty(invocationId);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return CompletionMessage.WithError(invocationId, "Invocation failed, the upstream's answer is not a completion message");
        }
    }

    private static object? ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.Object => ToDictionary(value),
        _ => null,
    };

    private static Dictionary<string, object?> ToDictionary(JsonElement value)
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            result[property.Name] = ToObject(property.Value);
        }

        return result;
    }
}
