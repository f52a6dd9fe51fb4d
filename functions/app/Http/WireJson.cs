using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vox.Http;

/// <summary>All wire shapes, serialized by generated code: no reflection at start-up or per message. Use <see cref="Wire"/>.</summary>
[JsonSerializable(typeof(ChatLogs.ChatHistoryResponse))]
[JsonSerializable(typeof(Conversations.ConversationPage))]
[JsonSerializable(typeof(Conversations.SyncRequest))]
[JsonSerializable(typeof(Conversations.SyncResponse))]
[JsonSerializable(typeof(Demo.DemoConfig))]
[JsonSerializable(typeof(Demo.DemoFile))]
[JsonSerializable(typeof(Messages.MessageEvent))]
[JsonSerializable(typeof(Messages.MessagePage))]
[JsonSerializable(typeof(Messages.SendMessageRequest))]
[JsonSerializable(typeof(Messages.SendMessageResponse))]
[JsonSerializable(typeof(ProblemDetailsResponse))]
[JsonSerializable(typeof(Realtime.NegotiateResponse))]
[JsonSerializable(typeof(Sessions.LoginRequest))]
[JsonSerializable(typeof(Sessions.LogoutRequest))]
[JsonSerializable(typeof(Sessions.RefreshRequest))]
[JsonSerializable(typeof(Sessions.SessionResponse))]
[JsonSerializable(typeof(VendorResponse))]
[JsonSerializable(typeof(VendorStatus))]
[JsonSerializable(typeof(string[]))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// camelCase, absent for null, names read without case, numbers also from strings. Text is written as it is, not as \u escapes: it
    /// is sent as JSON only, never inside HTML, and SignalR bills by size.
    /// </summary>
    public static WireJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
