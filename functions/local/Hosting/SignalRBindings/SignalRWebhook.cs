using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Vox.Local.Hosting.Http;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>The address to which the SignalR service posts what clients do.</summary>
internal sealed class SignalRWebhook(
    IReadOnlyList<FunctionDescriptor> functions, IConfiguration configuration, HostKeys keys, FunctionRunner runner)
{
    public const string Path = "/runtime/webhooks/signalr";

    private const byte RecordSeparator = 0x1e;

    public async Task<int> HandleAsync(HttpContext http)
    {
        if (!keys.IsSignalR(HostKeys.Presented(http.Request))) return StatusCodes.Status401Unauthorized;
        if (!HttpMethods.IsPost(http.Request.Method)) return StatusCodes.Status404NotFound;
        if (!http.Request.HasJsonContentType()) return StatusCodes.Status415UnsupportedMediaType;
        if (SignalRUpstream.Read(http.Request.Headers) is not { } context) return StatusCodes.Status400BadRequest;

        // Without a connection string SignalR functions do not exist.
        var function = functions.FirstOrDefault(f => f.SignalR is { } trigger && Handles(trigger, context));
        if (function is null || SignalRConnection.Find(configuration, function.SignalR!.ConnectionStringSetting) is not { } connection)
            return StatusCodes.Status404NotFound;
        if (!SignalRUpstream.IsSigned(http.Request.Headers["X-ASRS-Signature"], context.ConnectionId, connection.AccessKey))
            return StatusCodes.Status401Unauthorized;

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var message = Parse(body);
        return message is null
            ? StatusCodes.Status400BadRequest
            : await RunAsync(http, function, context, message.RootElement);
    }

    private async Task<int> RunAsync(HttpContext http, FunctionDescriptor function, SignalRInvocationContext context, JsonElement message)
    {
        context.Error = Text(message, "error");
        if (message.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Array)
            context.Arguments = [.. arguments.EnumerateArray().Select(a => (object)a)];

        Exception? failure = null;
        try
        {
            if (function.SignalR!.ParameterNames.Length > (context.Arguments?.Length ?? 0))
                throw new InvalidOperationException($"'{function.Name}' names more parameters than the client sent arguments.");
            await runner.RunAsync(function, context, http.RequestAborted);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (context.Category == SignalRInvocationCategory.Connections)
        {
            return failure is null ? StatusCodes.Status200OK
                : context.Event.Equals("connected", StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status403Forbidden
                : StatusCodes.Status500InternalServerError;
        }

        // Only a client that used invoke waits for an answer. It never gets the return value, but it does get the exception.
        if (Text(message, "invocationId") is { } id) await CompleteAsync(http, id, failure);
        return StatusCodes.Status200OK;
    }

    private static bool Handles(SignalRTriggerAttribute trigger, SignalRInvocationContext context) =>
        trigger.HubName.Equals(context.Hub, StringComparison.OrdinalIgnoreCase)
        && trigger.Category.Equals(context.Category.ToString(), StringComparison.OrdinalIgnoreCase)
        && trigger.Event.Equals(context.Event, StringComparison.OrdinalIgnoreCase);

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
            : new { type = 3, invocationId, error = $"Result: Failure\nException: {failure.Message}\nStack: {failure.StackTrace}" };
        return http.Response.WriteAsync(JsonSerializer.Serialize(completion) + (char)RecordSeparator, Encoding.UTF8, http.RequestAborted);
    }
}
