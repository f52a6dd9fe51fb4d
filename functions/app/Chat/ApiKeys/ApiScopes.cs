namespace Vox.Chat.ApiKeys;

/// <summary>What an API key may do. Writing does not include reading: a server that only sends messages need not see any.</summary>
internal static class ApiScopes
{
    public const string UsersRead = "users:read";
    public const string UsersWrite = "users:write";
    public const string TokensRead = "tokens:read";
    public const string TokensWrite = "tokens:write";
    public const string MessagesRead = "messages:read";
    public const string MessagesWrite = "messages:write";
    public const string GroupsRead = "groups:read";
    public const string GroupsWrite = "groups:write";
    public const string ModerationRead = "moderation:read";
    public const string ModerationWrite = "moderation:write";
    public const string WebhooksRead = "webhooks:read";
    public const string WebhooksWrite = "webhooks:write";
    public const string ExportRead = "export:read";
    public const string ExportWrite = "export:write";

    /// <summary>In the order in which people read them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        UsersRead, UsersWrite, TokensRead, TokensWrite, MessagesRead, MessagesWrite, GroupsRead, GroupsWrite, ModerationRead,
        ModerationWrite, WebhooksRead, WebhooksWrite, ExportRead, ExportWrite,
    ];
}
