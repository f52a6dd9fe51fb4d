using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vox.Http;

/// <summary>All wire shapes, serialized by generated code: no reflection at start-up or per message. Use <see cref="Wire"/>.</summary>
[JsonSerializable(typeof(ChatLogs.ChatHistoryResponse))]
[JsonSerializable(typeof(Contacts.BlockList))]
[JsonSerializable(typeof(Contacts.ContactAdded))]
[JsonSerializable(typeof(Contacts.ContactList))]
[JsonSerializable(typeof(Contacts.ContactRequest))]
[JsonSerializable(typeof(Contacts.JoinedEvent))]
[JsonSerializable(typeof(Conversations.ConversationPage))]
[JsonSerializable(typeof(Conversations.SyncRequest))]
[JsonSerializable(typeof(Conversations.SyncResponse))]
[JsonSerializable(typeof(Demo.DemoConfig))]
[JsonSerializable(typeof(Demo.DemoFile))]
[JsonSerializable(typeof(Diagnostics.HealthDetailsResponse))]
[JsonSerializable(typeof(Diagnostics.HealthResponse))]
[JsonSerializable(typeof(Files.BeginUploadRequest))]
[JsonSerializable(typeof(Files.CompleteUploadRequest))]
[JsonSerializable(typeof(Files.CompleteUploadResponse))]
[JsonSerializable(typeof(Files.MediaPrefixResponse))]
[JsonSerializable(typeof(Files.UploadResponse))]
[JsonSerializable(typeof(Groups.CreateGroupRequest))]
[JsonSerializable(typeof(Groups.GroupEvent))]
[JsonSerializable(typeof(Groups.GroupIdsRequest))]
[JsonSerializable(typeof(Groups.GroupPage))]
[JsonSerializable(typeof(Groups.GroupReceipts))]
[JsonSerializable(typeof(Groups.GroupView))]
[JsonSerializable(typeof(Groups.UpdateGroupRequest))]
[JsonSerializable(typeof(Messages.MessageEvent))]
[JsonSerializable(typeof(Messages.MessagePage))]
[JsonSerializable(typeof(Messages.SendMessageRequest))]
[JsonSerializable(typeof(Messages.SendMessageResponse))]
[JsonSerializable(typeof(Presence.PresenceEvent))]
[JsonSerializable(typeof(Presence.PresenceRequest))]
[JsonSerializable(typeof(Presence.PresenceResponse))]
[JsonSerializable(typeof(ProblemDetailsResponse))]
[JsonSerializable(typeof(Profiles.LookupRequest))]
[JsonSerializable(typeof(Profiles.LookupResponse))]
[JsonSerializable(typeof(Profiles.ProfileEvent))]
[JsonSerializable(typeof(Profiles.ProfileRequest))]
[JsonSerializable(typeof(Profiles.ProfileView))]
[JsonSerializable(typeof(Realtime.NegotiateResponse))]
[JsonSerializable(typeof(Receipts.ReceiptEvent))]
[JsonSerializable(typeof(Receipts.ReceiptsRequest))]
[JsonSerializable(typeof(Receipts.ReceiptsResponse))]
[JsonSerializable(typeof(Sessions.LoginRequest))]
[JsonSerializable(typeof(Sessions.LogoutRequest))]
[JsonSerializable(typeof(Sessions.RefreshRequest))]
[JsonSerializable(typeof(Sessions.SessionResponse))]
[JsonSerializable(typeof(Users.SignUpRequest))]
[JsonSerializable(typeof(Users.SignUpResponse))]
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
