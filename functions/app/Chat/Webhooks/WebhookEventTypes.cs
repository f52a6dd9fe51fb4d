namespace Vox.Chat.Webhooks;

/// <summary>What customers' servers are told of. docs/webhooks.md has the data of each as JSON Schema.</summary>
internal static class WebhookEventTypes
{
    public const string MessageSent = "message.sent";
    public const string UserCreated = "user.created";
    public const string UserDeleted = "user.deleted";

    /// <summary>Only when somebody asks for it.</summary>
    public const string Test = "webhook.test";

    /// <summary>What an endpoint can ask for, in the order in which people read it.</summary>
    public static IReadOnlyList<string> All { get; } = [MessageSent, UserCreated, UserDeleted];
}
