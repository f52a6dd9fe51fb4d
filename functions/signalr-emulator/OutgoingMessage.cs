using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Vox.SignalREmulation;

/// <summary>One REST send. It is serialized at most once per protocol, however many connections receive it.</summary>
internal sealed class OutgoingMessage
{
    private readonly string target;
    private readonly JsonElement[] arguments;
    private byte[]? json;
    private byte[]? messagePack;

    private OutgoingMessage(string target, JsonElement[] arguments)
    {
        this.target = target;
        this.arguments = arguments;
    }

    public byte[] BytesFor(IHubProtocol protocol)
    {
        ref var bytes = ref HubMessages.IsMessagePack(protocol) ? ref messagePack : ref json;
        return bytes ??= protocol.GetMessageBytes(
            new InvocationMessage(target, Array.ConvertAll(arguments, argument => HubMessages.ArgumentFor(protocol, argument)))).ToArray();
    }

    /// <summary>Null with a reason if the body is not <c>{"target": "…", "arguments": […]}</c>. Case does not count in the names.</summary>
    public static async Task<(OutgoingMessage? Message, string? Problem)> ReadAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellation);
            return Parse(document.RootElement);
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

        string? method = null;
        JsonElement[] values = [];
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Equals("target", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind == JsonValueKind.String)
            {
                method = property.Value.GetString();
            }

            if (!property.Name.Equals("arguments", StringComparison.OrdinalIgnoreCase) || property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (property.Value.ValueKind != JsonValueKind.Array)
            {
                return (null, "'arguments' is not an array.");
            }

            values = [.. property.Value.EnumerateArray().Select(argument => argument.Clone())];
        }
        return string.IsNullOrEmpty(method) ? (null, "'target' is missing.") : (new OutgoingMessage(method, values), null);
    }
}
