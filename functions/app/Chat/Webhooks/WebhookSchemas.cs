using System.Text.Json;
using System.Text.Json.Nodes;
using Vox.Chat.Events;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Webhooks;

/// <summary>A type of events.</summary>
/// <param name="When">What has happened, for people.</param>
/// <param name="Data">The record that the field <c>data</c> is made from.</param>
internal sealed record WebhookEventKind(string Type, string When, Type Data);

/// <summary>The events as JSON Schema, made from the records that are sent: a schema cannot name a field that there is not.</summary>
internal static class WebhookSchemas
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>In the order in which people read them.</summary>
    public static IReadOnlyList<WebhookEventKind> All { get; } =
    [
        new(EventTypes.MessageSent, "A message was stored, by a user or by the server API", typeof(WebhookMessageData)),
        new(EventTypes.MessageEdited, "The text of a message was replaced", typeof(WebhookChangeData)),
        new(EventTypes.MessageDeleted, "A message was deleted for everyone", typeof(WebhookChangeData)),
        new(EventTypes.ReactionAdded, "A user reacted to a message", typeof(WebhookChangeData)),
        new(EventTypes.ReactionRemoved, "A user took their reaction back", typeof(WebhookChangeData)),
        new(EventTypes.MessagePinned, "A message was pinned", typeof(WebhookChangeData)),
        new(EventTypes.MessageUnpinned, "A pinned message was unpinned", typeof(WebhookChangeData)),
        new(EventTypes.MessageDelivered, "A user has received messages", typeof(ReceiptEventData)),
        new(EventTypes.MessageRead, "A user has read messages", typeof(ReceiptEventData)),
        new(EventTypes.UserCreated, "A user was created, in whatever way", typeof(UserEventData)),
        new(EventTypes.UserUpdated, "A user's profile or custom data changed, or they were disabled or enabled", typeof(UserUpdatedData)),
        new(EventTypes.UserDeleted, "A user was deleted", typeof(UserEventData)),
        new(EventTypes.UserOnline, "A user is connected who was not", typeof(UserEventData)),
        new(EventTypes.UserOffline, "A user's last connection has ended", typeof(UserEventData)),
        new(EventTypes.GroupCreated, "A group was created", typeof(GroupEventData)),
        new(EventTypes.GroupUpdated, "What describes a group changed, or it was frozen or unfrozen", typeof(GroupEventData)),
        new(EventTypes.GroupDeleted, "A group was deleted", typeof(GroupEventData)),
        new(EventTypes.MembersAdded, "Users became members of a group", typeof(GroupMembersEventData)),
        new(EventTypes.MembersRemoved, "Members were removed from a group", typeof(GroupMembersEventData)),
        new(EventTypes.MemberLeft, "A member left a group, or was deleted", typeof(GroupMembersEventData)),
        new(EventTypes.RolesChanged, "Members became admins or ceased to be, or the group has another owner", typeof(GroupRolesEventData)),
        new(EventTypes.FileUploaded, "An upload was completed", typeof(FileEventData)),
        new(EventTypes.MessageFlagged, "A user flagged a message for moderators", typeof(FlagEventData)),
        new(EventTypes.UserFlagged, "A user flagged another one for moderators", typeof(FlagEventData)),
        new(EventTypes.LimitReached, "A limit is reached, told once an hour", typeof(LimitEventData)),
        new(EventTypes.Test, "Somebody asked for it; every endpoint gets it", typeof(WebhookTestData)),
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, JsonObject>> Schemas = new(
        () => All.ToDictionary(kind => kind.Type, Build, StringComparer.Ordinal));

    /// <summary>The schema of all events, as a text.</summary>
    public static string Json { get; } = new JsonObject
    {
        ["$schema"] = Draft,
        ["title"] = "VoxFunctions: events sent to webhooks",
        ["oneOf"] = new JsonArray([.. All.Select(kind => new JsonObject { ["$ref"] = "#/$defs/" + kind.Type })]),
        ["$defs"] = new JsonObject(All.Select(kind => KeyValuePair.Create(kind.Type, (JsonNode?)Schemas.Value[kind.Type].DeepClone()))),
    }.ToJsonString(Indented);

    /// <summary>The schema of one type of events, as a text.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public static string Of(string type)
    {
        if (!Schemas.Value.TryGetValue(type, out var schema))
        {
            throw new VoxException(
                Errors.NotFound, $"There is no such type of events. There are {string.Join(", ", All.Select(kind => kind.Type))}.", "type");
        }

        var whole = schema.DeepClone().AsObject();
        whole.Insert(0, "$schema", Draft);
        return whole.ToJsonString(Indented);
    }

    private static JsonSerializerOptions Indented => new(WebhookJson.Text) { WriteIndented = true };

    private static JsonObject Build(WebhookEventKind kind)
    {
        var head = OpenApiDocument.Schema(typeof(WebhookEventHead)).AsObject();
        var properties = head["properties"]!.AsObject();
        properties["type"] = new JsonObject { ["const"] = kind.Type };
        properties["timestamp"] = new JsonObject
        {
            ["type"] = "string",
            ["format"] = "date-time",
            ["description"] = "When it happened.",
        };
        properties["data"] = WithoutNulls(OpenApiDocument.Schema(kind.Data));
        var schema = new JsonObject { ["title"] = kind.Type, ["description"] = kind.When + "." };
        foreach (var (name, value) in head)
        {
            schema[name] = value?.DeepClone();
        }

        schema["required"] = new JsonArray("id", "type", "timestamp", "project", "data");
        return schema;
    }

    /// <summary>What has no value is left out of an event: so it is not required, and never null.</summary>
    private static JsonNode? WithoutNulls(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                WithoutNulls(item);
            }
        }
        else if (node is JsonObject schema)
        {
            foreach (var (_, child) in schema.ToList())
            {
                WithoutNulls(child);
            }

            if (schema["properties"] is JsonObject properties)
            {
                var optional = properties.Where(property => property.Value?["type"] is JsonArray types && RemoveNull(types))
                    .Select(property => property.Key).ToList();
                optional.ForEach(name => Simplify(properties[name]!));
                foreach (var entry in schema["required"]?.AsArray().Where(
                    entry => optional.Contains(entry!.GetValue<string>(), StringComparer.Ordinal)).ToList() ?? [])
                {
                    schema["required"]!.AsArray().Remove(entry);
                }
            }
        }

        return node;
    }

    /// <returns>Whether it was there.</returns>
    private static bool RemoveNull(JsonArray types) =>
        types.FirstOrDefault(type => type!.GetValue<string>() == "null") is { } none && types.Remove(none);

    private static void Simplify(JsonNode property)
    {
        if (property["type"] is JsonArray { Count: 1 } types)
        {
            property["type"] = types[0]!.GetValue<string>();
        }
    }
}
