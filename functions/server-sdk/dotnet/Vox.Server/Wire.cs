using System.Text.Json.Serialization;

namespace Vox.Server;

internal sealed record Problem(string? Code, string? Title, string? Detail, string? Field, bool Retryable);

internal sealed record UsersBody(IEnumerable<UserDraft> Users);

internal sealed record UserPage(IReadOnlyList<VoxUser> Users, string? Next);

internal sealed record GroupPage(IReadOnlyList<VoxGroup> Groups, string? Next);

internal sealed record MemberPage(IReadOnlyList<GroupMember> Members, string? Next);

internal sealed record MessagePage(IReadOnlyList<VoxMessage> Messages, string? Next);

internal sealed record ModeratedPage(IReadOnlyList<ModeratedUser> Users, string? Next);

internal sealed record PresenceList(IReadOnlyList<UserPresence> Users);

internal sealed record SessionList(IReadOnlyList<UserSession> Sessions);

internal sealed record IdsBody(IEnumerable<string> Ids);

internal sealed record RoleBody(string Role);

internal sealed record TokenBody(int? LifetimeSeconds, bool SingleDevice, bool CreateUser);

internal sealed record RevokeBody(DateTimeOffset? Before);

internal sealed record ModerateBody(string UserId, DateTimeOffset? Until, string? Reason);

internal sealed record EmptyBody;

internal sealed record EditBody(string Data, IReadOnlyList<string>? Mentions, bool? MentionsAll);

internal sealed record FlagPage(IReadOnlyList<FlaggedItem> Flags, string? Next);

internal sealed record SearchPage(IReadOnlyList<SearchHit> Hits, string? Next);

internal sealed record DecideBody(string Action, DateTimeOffset? Until, string? Note);

internal sealed record WordTryBody(string Text, bool Html, WordLists? Lists);

internal sealed record ConversationPage(IReadOnlyList<VoxConversation> Conversations, string? Next);

internal sealed record DeviceList(IReadOnlyList<UserDevice> Devices);

internal sealed record DeliveryPage(IReadOnlyList<WebhookDelivery> Deliveries, string? Next);

internal sealed record SentWebhook(string Delivery);

internal sealed record ApiRequestPage(IReadOnlyList<ApiRequest> Requests, string? Next);

internal sealed record BeforeSendBody(string Url, int? Milliseconds, bool AllowsOnFailure);

internal sealed record ExportBody(string? UserId);

internal sealed record ExportList(IReadOnlyList<DataExport> Exports);

internal sealed record ErasureBody(string UserId, bool Former);

internal sealed record RotateBody(int? OverlapHours)
{
    public static RotateBody Of(TimeSpan? overlap) => new((int?)overlap?.TotalHours);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiRequestPage))]
[JsonSerializable(typeof(BeforeSendBody))]
[JsonSerializable(typeof(BeforeSendHook))]
[JsonSerializable(typeof(ChangedMessage))]
[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(DataExport))]
[JsonSerializable(typeof(DecideBody))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(EmptyBody))]
[JsonSerializable(typeof(Erasure))]
[JsonSerializable(typeof(ErasureBody))]
[JsonSerializable(typeof(ExportBody))]
[JsonSerializable(typeof(ExportLink))]
[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(FlagDetails))]
[JsonSerializable(typeof(SearchIndex))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(FlagPage))]
[JsonSerializable(typeof(FlaggedItem))]
[JsonSerializable(typeof(GroupChange))]
[JsonSerializable(typeof(GroupDraft))]
[JsonSerializable(typeof(GroupPage))]
[JsonSerializable(typeof(IdsBody))]
[JsonSerializable(typeof(LoginToken))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(MembersChanged))]
[JsonSerializable(typeof(MessageDraft))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(MessageVersions))]
[JsonSerializable(typeof(ModerateBody))]
[JsonSerializable(typeof(ModeratedPage))]
[JsonSerializable(typeof(PresenceList))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RevokeBody))]
[JsonSerializable(typeof(RevokedTokens))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(SentWebhook))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(StoredWordLists))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(UpsertedUsers))]
[JsonSerializable(typeof(UserDraft))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(UsersBody))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookDraft))]
[JsonSerializable(typeof(WebhookEndpoint))]
[JsonSerializable(typeof(WebhookEndpoints))]
[JsonSerializable(typeof(WordLists))]
[JsonSerializable(typeof(WordTrial))]
[JsonSerializable(typeof(WordTryBody))]
internal sealed partial class VoxJson : JsonSerializerContext;

internal static class Paths
{
    /// <summary>An id as a part of a path.</summary>
    public static string Part(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Uri.EscapeDataString(id);
    }

    /// <summary>A path with the parts of its query that there are.</summary>
    public static string Query(string path, params (string Name, string? Value)[] parts) =>
        path + string.Concat(
            parts.Where(part => part.Value is not null).Select(part => $"&{part.Name}={Uri.EscapeDataString(part.Value!)}"));

    /// <summary>Goes through all pages of a list.</summary>
    public static async IAsyncEnumerable<TItem> AllAsync<TPage, TItem>(
        string path, Func<string, Task<TPage>> read, Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> open)
    {
        for (var next = ""; next is not null;)
        {
            var address = next.Length == 0
                ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Part(next)}";
            var (items, following) = open(await read(address).ConfigureAwait(false));
            foreach (var item in items)
            {
                yield return item;
            }

            next = following;
        }
    }
}
