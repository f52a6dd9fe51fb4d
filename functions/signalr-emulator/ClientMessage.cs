using System.Buffers;
using System.Text;
using System.Text.Json;
using MessagePack;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Vox.SignalREmulation;

/// <summary>
/// What a client sent. It is read here and not by the hub protocol classes: those refuse an invocation unless they are told the number
/// and types of its arguments, but the service forwards methods that it has never heard of.
/// </summary>
internal sealed record ClientMessage(int Type, string? InvocationId, string Target, string ArgumentsJson)
{
    private const byte Separator = 0x1e;

    public byte[] ToUpstreamBody()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("type", Type);
        if (InvocationId is not null)
        {
            writer.WriteString("invocationId", InvocationId);
        }

        writer.WriteString("target", Target);
        writer.WritePropertyName("arguments");
        writer.WriteRawValue(ArgumentsJson);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Takes one whole message from the front; false if more bytes are needed.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message of this protocol.</exception>
    public static bool TryRead(IHubProtocol protocol, ref ReadOnlySequence<byte> buffer, out ClientMessage message)
    {
        message = null!;
        try
        {
            return HubMessages.IsMessagePack(protocol) ? TryReadMessagePack(ref buffer, ref message) : TryReadJson(ref buffer, ref message);
        }
        catch (Exception e) when (e is JsonException or MessagePackSerializationException or InvalidOperationException
            or EndOfStreamException or KeyNotFoundException)
        {
            throw new InvalidDataException("The message is malformed.", e);
        }
    }

    private static bool TryReadJson(ref ReadOnlySequence<byte> buffer, ref ClientMessage message)
    {
        if (buffer.PositionOf(Separator) is not { } end)
        {
            return false;
        }

        using var json = JsonDocument.Parse(buffer.Slice(0, end));
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        var root = json.RootElement;
        var type = root.GetProperty("type").GetInt32();
        message = new(
            type,
            root.TryGetProperty("invocationId", out var id) ? id.GetString() : null,
            type == HubProtocolConstants.InvocationMessageType ? root.GetProperty("target").GetString()! : "",
            root.TryGetProperty("arguments", out var arguments) ? arguments.GetRawText() : "[]");
        return true;
    }

    private static bool TryReadMessagePack(ref ReadOnlySequence<byte> buffer, ref ClientMessage message)
    {
        if (!TryReadLength(buffer, out var prefix, out var length) || buffer.Length < prefix + length)
        {
            return false;
        }

        var reader = new MessagePackReader(buffer.Slice(prefix, length));
        buffer = buffer.Slice(prefix + length);
        reader.ReadArrayHeader();
        var type = reader.ReadInt32();
        // Ping and close have neither headers nor id. Of the other types, only invocations have a target in this place.
        if (type is HubProtocolConstants.PingMessageType or HubProtocolConstants.CloseMessageType)
        {
            message = new(type, null, "", "[]");
            return true;
        }
        reader.Skip();
        var id = reader.NextMessagePackType == MessagePackType.String ? reader.ReadString() : null;
        message = new(type, id, "", "[]");
        if (type != HubProtocolConstants.InvocationMessageType)
        {
            return true;
        }

        if (id is null)
        {
            reader.Skip();
        }

        var target = reader.ReadString() ?? "";
        var start = reader.Position;
        reader.Skip();
        var arguments = reader.Sequence.Slice(start, reader.Position);
        message = message with { Target = target, ArgumentsJson = MessagePackSerializer.ConvertToJson(arguments) };
        return true;
    }

    // Each message begins with its length, seven bits per byte, lowest bits first.
    private static bool TryReadLength(ReadOnlySequence<byte> buffer, out int prefix, out int length)
    {
        (prefix, length) = (0, 0);
        foreach (var segment in buffer.Slice(0, Math.Min(5, buffer.Length)))
        {
            foreach (var value in segment.Span)
            {
                length |= (value & 0x7f) << (7 * prefix++);
                if ((value & 0x80) == 0)
                {
                    return length >= 0 ? true : throw new InvalidDataException("The message is too long.");
                }
            }
        }
        return prefix < 5 ? false : throw new InvalidDataException("The message length is malformed.");
    }
}
