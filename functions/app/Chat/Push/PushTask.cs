using System.Text.Json;

namespace Vox.Chat.Push;

/// <summary>Messages of one conversation whose members are to be told, as they wait in the queue: only ids.</summary>
/// <param name="Sequences">Oldest first, at most <see cref="MaxSequences"/>.</param>
/// <param name="At">When the newest was sent, Unix ms.</param>
/// <param name="After">In a group: the page to go on with, see <see cref="PushMembers"/>. Empty for the first.</param>
/// <param name="User">Only this member, with <paramref name="Device"/>: what failed is tried again.</param>
/// <param name="Attempt">1, 2, 3, …</param>
internal sealed record PushTask(
    string Project, string Conversation, IReadOnlyList<long> Sequences, long At, string After = "", string? User = null,
    string? Device = null, int Attempt = 1)
{
    /// <summary>Of more messages at once, only the newest are looked at: one is shown.</summary>
    public const int MaxSequences = 50;

    public string ToText() => JsonSerializer.Serialize(this, PushJson.Wire.PushTask);

    /// <returns>Null when it is none.</returns>
    public static PushTask? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PushJson.Wire.PushTask) is { Sequences.Count: > 0 } task ? task : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
