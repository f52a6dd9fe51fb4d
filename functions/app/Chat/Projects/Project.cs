using System.Text.Json.Serialization;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>Who sees a user's profile and presence, and finds their id.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Visibility>))]
public enum Visibility
{
    /// <summary>Every user of the project.</summary>
    [JsonStringEnumMemberName("everybody")]
    Everybody,

    /// <summary>Only those whom the user has in their contacts.</summary>
    [JsonStringEnumMemberName("contacts")]
    Contacts,
}

/// <summary>Who may mention everybody in a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MentionRight>))]
public enum MentionRight
{
    /// <summary>The owner and the admins.</summary>
    [JsonStringEnumMemberName("admins")]
    Admins,

    /// <summary>Every member.</summary>
    [JsonStringEnumMemberName("members")]
    Members,
}

/// <summary>Which requests to the API are kept for some days, for developers to look at.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeptRequests>))]
public enum KeptRequests
{
    /// <summary>Those that were refused or failed.</summary>
    [JsonStringEnumMemberName("errors")]
    Errors,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>None.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>An auth token that a newer one has replaced, and that is still accepted.</summary>
/// <param name="Hash">As <see cref="Project.TokenHash"/>.</param>
/// <param name="Until">From then on it is void.</param>
public sealed record EarlierToken(string Hash, DateTimeOffset Until);

/// <summary>A tenant.</summary>
/// <param name="Id"><c>pid_</c> and a UUID with underscores.</param>
/// <param name="TokenHash">SHA-256 of the auth token, base64.</param>
/// <param name="PreviousTokenHash">Hash of the token before the last rotation, valid until <paramref name="PreviousTokenUntil"/>.</param>
/// <param name="AllowedOrigins">
/// Origins of pages that may use the SDK endpoints, see <see cref="WebOrigin"/>. Empty for any.
/// </param>
/// <param name="LogEnabled">Whether messages go into the project-wide log.</param>
public sealed record Project(
    string Id,
    string Name,
    string TokenHash,
    string? PreviousTokenHash,
    DateTimeOffset? PreviousTokenUntil,
    IReadOnlyList<string> AllowedOrigins,
    bool LogEnabled,
    DateTimeOffset CreatedAt,
    RowVersion Version)
{
    /// <summary>Tokens from before the last rotation but one, the newest first. Those that have run out are left out.</summary>
    public IReadOnlyList<EarlierToken> OlderTokens { get; init; } = [];

    /// <summary>All tokens but the present one that are accepted at a time, the newest first.</summary>
    public IReadOnlyList<EarlierToken> EarlierTokens(DateTimeOffset now) =>
    [
        .. (PreviousTokenHash is { } hash && PreviousTokenUntil is { } until
            ? (IEnumerable<EarlierToken>)[new EarlierToken(hash, until), .. OlderTokens]
            : OlderTokens).Where(token => token.Until > now),
    ];

    /// <summary>The project with these tokens beside the present one, the newest first.</summary>
    public Project WithEarlierTokens(IReadOnlyList<EarlierToken> tokens) => this with
    {
        // The newest has columns of its own: a release that knows no others accepts at least this one.
        PreviousTokenHash = tokens.Count > 0 ? tokens[0].Hash : null,
        PreviousTokenUntil = tokens.Count > 0 ? tokens[0].Until : null,
        OlderTokens = [.. tokens.Skip(1)],
    };

    public const int DefaultWindow = 86_400;

    /// <summary>How many days messages stay in the log; null for forever.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>How many days messages stay in conversations; null for forever.</summary>
    public int? MessageDays { get; init; }

    /// <summary>How many days files stay; null for forever.</summary>
    public int? FileDays { get; init; }

    /// <summary>How long after sending authors may edit their messages, in seconds; 0 never, -1 always. Default: a day.</summary>
    public int EditWindowSeconds { get; init; } = DefaultWindow;

    /// <summary>How long after sending authors may delete their messages for everyone; like <see cref="EditWindowSeconds"/>.</summary>
    public int DeleteWindowSeconds { get; init; } = DefaultWindow;

    /// <summary>Whether the texts before edits are kept, for moderators. Default: no.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>Whether pictures keep what they say about place, camera and owner. Default: no.</summary>
    public bool KeepsMetadata { get; init; }

    /// <summary>Of all users: tokens issued before, and sessions begun before, are over. Null for none.</summary>
    public DateTimeOffset? TokensFrom { get; init; }

    /// <summary>
    /// Whether the project may have webhooks. It stands here so that a send in a project without any needs no look at them.
    /// </summary>
    public bool HasWebhooks { get; init; }

    /// <summary>The types of events that its webhooks want. Null when the row does not say: perhaps all.</summary>
    public IReadOnlyList<string>? WebhookTypes { get; init; }

    /// <summary>Whether somebody may want events of this type. Costs nothing; the endpoints have the last word.</summary>
    public bool Wants(string type) => HasWebhooks && WebhookTypes?.Contains(type, StringComparer.Ordinal) != false;

    /// <summary>Whether the customer's server is asked before a message is stored. For the same reason.</summary>
    public bool AsksBeforeSend { get; init; }

    /// <summary>Which version of the project's word lists counts; null without lists. For the same reason.</summary>
    public string? WordListVersion { get; init; }

    /// <summary>Whether users of the project have registered devices for push messages. For the same reason.</summary>
    public bool HasDevices { get; init; }

    /// <summary>Whether users may search their conversations. Default: no.</summary>
    public bool SearchEnabled { get; init; }

    /// <summary>Whether messages are indexed. What is to be indexed is found by the same means as what is to be logged.</summary>
    public bool Searches => SearchEnabled && LogEnabled;

    /// <summary>What push messages say. Default: who writes, and the text.</summary>
    public PushContent PushContent { get; init; }

    /// <summary>Set while a deletion is under way. Such a project does not exist any more for anyone.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Which storage account has the project's data, see <see cref="ProjectAccounts"/>.</summary>
    public int Account { get; init; }

    /// <summary>Which SignalR services have the project's live connections.</summary>
    public ServicePlacement Placement { get; init; } = ServicePlacement.First;

    /// <summary>The user with this login id, whether there is one or not.</summary>
    public UserKey User(string loginId) => new(Id, loginId);

    /// <summary>
    /// The fewest characters of a user's new password, where people choose it: at sign-up, and in the portal. 1 asks for nothing, as in
    /// projects from before there was this setting.
    /// </summary>
    public int MinPasswordLength { get; init; } = 1;

    /// <summary>Who sees a user's profile and presence, and finds their id.</summary>
    public Visibility Visibility { get; init; }

    /// <summary>Which requests to the API are kept for developers to look at. Default: those that were refused or failed.</summary>
    public KeptRequests KeptRequests { get; init; }

    /// <summary>Who may mention everybody in a group. Default: the owner and the admins.</summary>
    public MentionRight MentionsAll { get; init; }

    /// <summary>Origins may be stored as people typed them, so what was typed with umlauts is compared as browsers send it.</summary>
    public bool Allows(string origin) =>
        AllowedOrigins.Count == 0 || AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || (WebOrigin.Canonical(origin) is { } own && AllowedOrigins.Any(allowed => WebOrigin.Canonical(allowed) == own));
}
