using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Realtime;
using Vox.Platform.OpenApi;

namespace Vox.Operations.LiveDocument;

/// <summary>
/// The AsyncAPI 3.0 document of the live channel, generated from the names of the events and the records that they carry: it cannot name an
/// event that is never sent.
/// </summary>
internal static class AsyncApiDocument
{
    /// <summary>Events whose arguments have names of their own. Before the events, which are found with it.</summary>
    private static readonly Dictionary<string, Type> Others = new(StringComparer.Ordinal)
    {
        [RealtimeEvents.Settings] = typeof(ConversationSettings),
    };

    private static readonly Lazy<string> Text = new(() => Build().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    public static string Json => Text.Value;

    /// <summary>The names of the events, each with the record that is its argument: <c>message</c> and <c>MessageEvent</c>.</summary>
    /// <exception cref="InvalidOperationException">An event has no such record.</exception>
    public static IReadOnlyDictionary<string, Type> Events { get; } = typeof(RealtimeEvents).GetFields()
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
        .ToDictionary(name => name, ArgumentOf, StringComparer.Ordinal);

    public static JsonObject Build()
    {
        var (messages, references, schemas) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var (name, type) in Events)
        {
            schemas[type.Name] = OpenApiDocument.Schema(type);
            messages[name] = new JsonObject
            {
                ["name"] = name,
                ["contentType"] = "application/json",
                ["payload"] = Reference("components/schemas/" + type.Name),
            };
            references[name] = Reference("components/messages/" + name);
        }

        messages["typingSignal"] = new JsonObject
        {
            ["name"] = "typing",
            ["summary"] = "The only thing that a client sends: to a user, or to a group. It is neither stored nor answered.",
            ["contentType"] = "application/json",
            ["payload"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["to"] = new JsonObject { ["type"] = "string", ["description"] = "A user's login id." },
                    ["group"] = new JsonObject { ["type"] = "string", ["description"] = "A group's id." },
                },
            },
        };
        references["typingSignal"] = Reference("components/messages/typingSignal");
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "VoxFunctions, the live channel",
                ["version"] = "1.0.0",
                ["description"] = "Events over a SignalR connection. Negotiate with POST /api/v1/realtime/negotiate; "
                    + "each event has one argument. Ignore events and fields that you do not know.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject
            {
                ["live"] = new JsonObject
                {
                    ["address"] = "/api/v1/realtime",
                    ["description"] = "The connection of a user's device.",
                    ["messages"] = references,
                },
            },
            ["operations"] = new JsonObject
            {
                ["receive"] = Operation("send", "What the server sends.", Events.Keys),
                ["type"] = Operation("receive", "What a client sends.", ["typingSignal"]),
            },
            ["components"] = new JsonObject { ["messages"] = messages, ["schemas"] = schemas },
        };
    }

    /// <param name="action">As the server sees it.</param>
    private static JsonObject Operation(string action, string summary, IEnumerable<string> messages) => new()
    {
        ["action"] = action,
        ["channel"] = Reference("channels/live"),
        ["summary"] = summary,
        ["messages"] = new JsonArray([.. messages.Select(name => Reference("channels/live/messages/" + name))]),
    };

    private static JsonObject Reference(string path) => new() { ["$ref"] = "#/" + path };

    private static Type ArgumentOf(string name)
    {
        if (Others.TryGetValue(name, out var other))
        {
            return other;
        }

        var record = char.ToUpperInvariant(name[0]) + name[1..] + "Event";
        return typeof(AsyncApiDocument).Assembly.GetTypes().SingleOrDefault(
            type => type.Name == record && type.Namespace?.StartsWith("Vox.Chat.", StringComparison.Ordinal) == true)
            ?? throw new InvalidOperationException(
                $"The live event {name} needs one record {record} as its argument, or a line in Others.");
    }
}
