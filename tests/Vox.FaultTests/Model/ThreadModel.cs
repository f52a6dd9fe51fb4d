namespace Vox.Tests.Model;

/// <summary>What the API promises of threads. Answers are those of <see cref="ChatModel"/>.</summary>
internal static class ThreadModel
{
    /// <summary>Why a reply is refused; null when it is not.</summary>
    public static string? Refusal(Person by, Room? room, int thread) =>
        room is null || thread > room.Messages.Count || (room.IsGroup && thread <= room.Places[by].Joined) ? "message_not_found"
        : room.Changed.GetValueOrDefault(thread)?.IsDeleted == true ? "message_deleted"
        : room.Replies.ContainsKey(thread) ? "invalid_field"
        : null;

    /// <summary>Notes that the newest message is a reply.</summary>
    public static void Reply(Room room, int thread)
    {
        if (!room.Threads.TryGetValue(thread, out var replies))
        {
            room.Threads[thread] = replies = [];
        }

        replies.Add(room.Messages.Count);
        room.Replies[room.Messages.Count] = (thread, replies.Count);
    }

    /// <summary>Of a reply and of a message with replies: <c>^1.2</c>, <c>+3:ann,ben</c>. Whatever is deleted keeps them.</summary>
    public static string Show(Room room, int sequence) =>
        (room.Replies.TryGetValue(sequence, out var place) ? $"^{place.Thread}.{place.Number}" : "")
        + (room.Threads.TryGetValue(sequence, out var replies)
            ? $"+{replies.Count}:" + string.Join(
                ',', replies.Select(reply => room.Messages[reply - 1].From).Distinct().Take(5).Select(person => person.LoginId))
            : "");

    /// <summary>The whole thread under a message, as this person sees it.</summary>
    public static string Page(Person by, Room room, int thread)
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
        return thread < first || thread > last
            ? "message_not_found"
            : $"ok {ChangeModel.Show(by, room, thread)}: " + string.Join(
                ' ', room.Threads.GetValueOrDefault(thread, []).Where(reply => reply <= last).Reverse()
                    .Select(reply => ChangeModel.Show(by, room, reply)));
    }
}
