using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Vox.SignalREmulation;

/// <summary>One REST send. Serialized at most once per protocol, however many connections get it.</summary>
internal sealed class OutgoingMessage
{
    private readonly string _target;
    private readonly JsonElement[] _arguments;
    private byte[]? _json;
    private byte[]? _messagePack;

    private OutgoingMessage(string target, JsonElement[] arguments)
    {
        _target = target;
        _arguments = arguments;
    }

    public byte[] BytesFor(IHubProtocol protocol)
    {
        ref var bytes = ref HubMessages.IsMessagePack(protocol) ? ref _messagePack : ref _json;
        return bytes ??= protocol.GetMessageBytes(
            new InvocationMessage(_target, Array.ConvertAll(_arguments, argument => HubMessages.ArgumentFor(protocol, argument)))).ToArray();
    }

    /// <summary>Null with a reason if the body is not <c>{"target": "…", "arguments": […]}</c>, in whatever case.</summary>
    public static async Task<(OutgoingMessage? Message, string? Problem)> ReadAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(body, default, cancellation);
            return Parse(json.RootElement);
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON.");
        }
    }

    private static (OutgoingMessage?, string?) Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, "The body is not a JSON object.");
        }

        string? target = null;
        JsonElement[] arguments = [];
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Equals("target", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind == JsonValueKind.String)
            {
                target = property.Value.GetString();
            }

            if (!property.Name.Equals("arguments", StringComparison.OrdinalIgnoreCase) || property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (property.Value.ValueKind != JsonValueKind.Array)
            {
                return (null, "'arguments' is not an array.");
            }

            arguments = [.. property.Value.EnumerateArray().Select(argument => argument.Clone())];
        }
        return string.IsNullOrEmpty(target) ? (null, "'target' is missing.") : (new OutgoingMessage(target, arguments), null);
    }
}
