using System.Text.Json;

namespace Vox.DevHost.SignalR;

/// <summary>
/// One element of what a function sends to SignalR, as the worker has written it: a message (it has a target) or a change of a group (it
/// has an action). Case does not count in property names.
/// </summary>
internal sealed class SignalRAction(JsonElement json)
{
    private static readonly string[] GroupActions = ["Add", "Remove", "RemoveAll"];

    public string? ConnectionId => Text("connectionId");

    public string? UserId => Text("userId");

    public string? GroupName => Text("groupName");

    public string? Target => Text("target");

    public JsonElement? Arguments => Find("arguments") is { ValueKind: JsonValueKind.Array } arguments ? arguments : null;

    /// <summary>Add, Remove or RemoveAll; null for a message.</summary>
    public string? GroupAction => Find("action") switch
    {
        { ValueKind: JsonValueKind.Number } number => GroupActions[number.GetInt32()],
        { ValueKind: JsonValueKind.String } text =>
            Array.Find(GroupActions, a => a.Equals(text.GetString(), StringComparison.OrdinalIgnoreCase)),
        _ => null,
    };

    private string? Text(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    private JsonElement? Find(string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }
}
