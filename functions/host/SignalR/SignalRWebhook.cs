using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Vox.DevHost.Http;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.SignalR;

/// <summary>The address to which the SignalR service posts client events.</summary>
internal sealed class SignalRWebhook(WorkerChannel channel, IConfiguration configuration, HostKeys keys, FunctionRunner runner)
{
    public const string Path = "/runtime/webhooks/signalr";

    private const byte RecordSeparator = 0x1e;

    public async Task<int> HandleAsync(HttpContext http)
    {
        if (!keys.IsSignalR(HostKeys.Presented(http.Request)))
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return StatusCodes.Status404NotFound;
        }

        if (!http.Request.HasJsonContentType())
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (SignalREvent.Read(http.Request.Headers) is not { } received)
        {
            return StatusCodes.Status400BadRequest;
        }

        // Without a connection string, SignalR functions do not exist.
        var function = (await channel.Functions).FirstOrDefault(f => f.SignalR is { } trigger && received.IsFor(trigger));
        if (function is null || SignalRConnection.Find(configuration, function.SignalR!.ConnectionSetting) is not { } connection)
        {
            return StatusCodes.Status404NotFound;
        }

        if (!SignalRConnection.KeysOf(configuration, connection)
            .Any(key => SignalREvent.IsSigned(http.Request.Headers["X-ASRS-Signature"], received.ConnectionId, key)))
        {
            return StatusCodes.Status401Unauthorized;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var message = Parse(body);
        return message is null
            ? StatusCodes.Status400BadRequest
            : await RunAsync(http, function, received, message.RootElement);
    }

    private async Task<int> RunAsync(HttpContext http, FunctionDescriptor function, SignalREvent received, JsonElement message)
    {
        var complete = received with
        {
            Error = Text(message, "error"),
            Arguments = message.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Array
                ? [.. arguments.EnumerateArray()]
                : null,
        };
        Exception? failure = null;
        try
        {
            await runner.RunAsync(
                function, new TypedData { Json = complete.ToJson() }, http.RequestAborted, Named(function, complete.Arguments ?? []));
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (complete.Category is "Connections")
        {
            return failure is null ? StatusCodes.Status200OK
                : complete.Event.Equals("connected", StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status403Forbidden
                : StatusCodes.Status500InternalServerError;
        }

        // Only a client that used invoke waits for an answer. It never gets the return value, but it does get the exception.
        if (Text(message, "invocationId") is { } id)
        {
            await CompleteAsync(http, id, failure);
        }

        return StatusCodes.Status200OK;
    }

    // Arguments under the names that the trigger gives them.
    private static IEnumerable<KeyValuePair<string, TypedData>> Named(FunctionDescriptor function, JsonElement[] arguments)
    {
        var names = function.SignalR!.ParameterNames;
        if (names.Length > arguments.Length)
        {
            throw new InvalidOperationException($"'{function.Name}' names more parameters than the client sent arguments.");
        }

        return names.Zip(arguments, (name, argument) => KeyValuePair.Create(
            name,
            argument.ValueKind == JsonValueKind.String
                ? new TypedData { String = argument.GetString()! }
                : new TypedData { Json = argument.GetRawText() }));
    }

    private static JsonDocument? Parse(MemoryStream body)
    {
        try
        {
            var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
            var end = bytes.Span.IndexOf(RecordSeparator);
            var message = JsonDocument.Parse(end < 0 ? bytes : bytes[..end]);
            return message.RootElement.ValueKind == JsonValueKind.Object ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement message, string property) =>
        message.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Task CompleteAsync(HttpContext http, string invocationId, Exception? failure)
    {
        object completion = failure is null
            ? new { type = 3, invocationId, result = (object?)null }
            : new
            {
                type = 3,
                invocationId,
                error = $"Result: Failure\nException: {failure.Message}\nStack: {(failure as FunctionFailedException)?.WorkerStack}"
            };
        return http.Response.WriteAsync(JsonSerializer.Serialize(completion) + (char)RecordSeparator, Encoding.UTF8, http.RequestAborted);
    }
}
