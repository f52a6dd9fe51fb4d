namespace Vox.Tests.Model;

/// <summary>What the API promises of changes of messages. Answers are those of <see cref="ChatModel"/>.</summary>
internal static class ChangeModel
{
    public static string Edit(Person by, Room room, int sequence, string text) =>
        Refusal(by, room, sequence, isDeletion: false) is { } refusal ? refusal
        : State(room, sequence).IsDeleted ? "message_deleted"
        : room.Messages[sequence - 1].From != by ? "not_author"
        : room.Messages[sequence - 1].Text == text ? Again(room, sequence)
        : Do(room, sequence, changed =>
        {
            room.Messages[sequence - 1] = room.Messages[sequence - 1] with { Text = text };
            changed.IsEdited = true;
        });

    public static string Delete(Person by, Room room, int sequence) =>
        Refusal(by, room, sequence, isDeletion: true) is { } refusal ? refusal
        : State(room, sequence).IsDeleted ? Again(room, sequence)
        : room.Messages[sequence - 1].From != by && !(room.IsGroup && room.Places[by].Role >= ChatModel.Admin) ? "not_author"
        : Do(room, sequence, changed =>
        {
            room.Messages[sequence - 1] = room.Messages[sequence - 1] with { Text = "" };
            (changed.IsDeleted, changed.IsEdited, changed.PinnedBy) = (true, false, null);
            changed.Reactions.Clear();
        });

    public static string React(Person by, Room room, int sequence, string emoji, bool present)
    {
        if (Refusal(by, room, sequence, isDeletion: false) is { } refusal)
        {
            return refusal;
        }

        var reactions = State(room, sequence).Reactions;
        var own = reactions.Find(reaction => reaction.Emoji == emoji).By;
        return State(room, sequence).IsDeleted ? "message_deleted"
            : (own?.Contains(by) ?? false) == present ? Again(room, sequence)
            : Do(room, sequence, changed =>
            {
                if (!present)
                {
                    own!.Remove(by);
                    changed.Reactions.RemoveAll(reaction => reaction.By.Count == 0);
                }
                else if (own is null)
                {
                    changed.Reactions.Add((emoji, [by]));
                }
                else
                {
                    own.Add(by);
                }
            });
    }

    public static string Pin(Person by, Room room, int sequence, bool present) =>
        Refusal(by, room, sequence, isDeletion: false) is { } refusal ? refusal
        : State(room, sequence).IsDeleted ? "message_deleted"
        : room.IsGroup && room.Places[by].Role < ChatModel.Admin ? "not_allowed"
        : State(room, sequence).PinnedBy is not null == present ? Again(room, sequence)
        : Do(room, sequence, changed => changed.PinnedBy = present ? by : null);

    /// <summary>All that has changed, as this person sees it.</summary>
    public static string Changes(Person by, Room room)
    {
        if (room.IsGone)
        {
            return "group_not_found";
        }

        if (!room.Places.TryGetValue(by, out var place))
        {
            return room.IsGroup ? "not_a_member" : "not_found";
        }

        var (first, last) = room.Window(place);
        return $"ok {room.LastChange}: " + string.Join(
            ' ', room.Changed.Keys.Where(n => n >= first && n <= last).Order().Select(n => Show(by, room, n)));
    }

    /// <summary>A message with what has become of it: <c>3=m1/text~7e👍2:ann,ben*</c>.</summary>
    public static string Show(Person by, Room room, int sequence)
    {
        var text = $"{sequence}={room.Messages[sequence - 1].Id}/{room.Messages[sequence - 1].Text}" + ThreadModel.Show(room, sequence);
        return !room.Changed.TryGetValue(sequence, out var changed) ? text : text + Show(
            changed.Change, changed.IsEdited, changed.IsDeleted, changed.PinnedBy?.LoginId,
            changed.Reactions.Select(reaction => (
                reaction.Emoji, reaction.By.Count, reaction.By.Take(5).Select(person => person.LoginId), reaction.By.Contains(by))));
    }

    public static string Show(
        long change, bool edited, bool deleted, string? pinnedBy,
        IEnumerable<(string Emoji, int Count, IEnumerable<string> Users, bool Mine)> reactions) =>
        $"~{change}{(edited ? "e" : "")}{(deleted ? "d" : "")}{(pinnedBy is null ? "" : "p" + pinnedBy)}" + string.Concat(
            reactions.Select(r => $"{r.Emoji}{r.Count}:{string.Join(',', r.Users)}{(r.Mine ? "*" : "")}"));

    private static string? Refusal(Person by, Room room, int sequence, bool isDeletion)
    {
        if (room.IsGroup)
        {
            if (room.Closed)
            {
                return "group_not_found";
            }

            if (!room.Places.TryGetValue(by, out var place) || place.Left)
            {
                return "not_a_member";
            }

            return sequence <= place.Joined || sequence > room.Messages.Count ? "message_not_found" : null;
        }

        if (!room.Places.ContainsKey(by))
        {
            return "not_found";
        }

        var other = room.Places.Keys.FirstOrDefault(person => person != by);
        return !isDeletion && room.Closed ? "recipient_not_found"
            : !isDeletion && other is not null && other.Blocked.Contains(by.LoginId) ? "blocked"
            : sequence > room.Messages.Count ? "message_not_found"
            : null;
    }

    private static Changed State(Room room, int sequence) => room.Changed.GetValueOrDefault(sequence) ?? new Changed();

    private static string Again(Room room, int sequence) => $"ok {State(room, sequence).Change} again";

    private static string Do(Room room, int sequence, Action<Changed> change)
    {
        if (!room.Changed.TryGetValue(sequence, out var changed))
        {
            room.Changed[sequence] = changed = new Changed();
        }

        change(changed);
        changed.Change = ++room.LastChange;
        return $"ok {room.LastChange}";
    }
}
