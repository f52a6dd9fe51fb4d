namespace Vox.Tests.Model;

/// <summary>
/// What the API promises, in a few lines and in memory. Every method answers <c>ok</c> with what is visible, or the code of the refusal.
/// </summary>
internal sealed class ChatModel
{
    public const int Member = 0;
    public const int Admin = 1;
    public const int Owner = 2;

    public List<Person> People { get; } = [];

    public List<Room> Rooms { get; } = [];

    public Person? Find(string loginId) => People.FindLast(person => person.LoginId == loginId && person.IsThere);

    public Person Create(string loginId)
    {
        People.Add(new Person(loginId));
        return People[^1];
    }

    public string Delete(string loginId)
    {
        if (Find(loginId) is not { } person)
        {
            return "user_not_found";
        }

        person.IsThere = false;
        person.Sessions.Clear();
        foreach (var room in Rooms.Where(room => room.Places.ContainsKey(person)))
        {
            if (!room.IsGroup)
            {
                room.Closed = true;
                continue;
            }

            if (!room.Places[person].Left && !room.Closed)
            {
                Leave(person, room);
            }

            room.Places.Remove(person);
        }

        return "ok";
    }

    public Room? Talk(Person one, Person two) =>
        Rooms.Find(
            room => !room.IsGroup && room.Places.ContainsKey(one) && room.Places.ContainsKey(two)
                && room.Places.Count == (one == two ? 1 : 2));

    /// <param name="thread">The message whose thread it goes into; 0 for none.</param>
    public (string Outcome, Room? Room) Send(Person from, string to, string id, string text, int thread = 0)
    {
        if (Find(to) is not { } other)
        {
            return ("recipient_not_found", null);
        }

        var room = Talk(from, other);
        if (room?.Find(from, id) is > 0 and var first)
        {
            return ($"ok {first} again", room);
        }

        if (other.Blocked.Contains(from.LoginId))
        {
            return ("blocked", room);
        }

        if (thread > 0 && ThreadModel.Refusal(from, room, thread) is { } refusal)
        {
            return (refusal, room);
        }

        if (room is null)
        {
            room = new Room(isGroup: false) { Places = { [from] = new Place() } };
            room.Places.TryAdd(other, new Place());
            Rooms.Add(room);
        }

        return (Append(room, from, id, text, thread), room);
    }

    public string SendToGroup(Person from, Room group, string id, string text, int thread = 0) =>
        group.Find(from, id) is > 0 and var first ? $"ok {first} again"
        : group.Closed ? "group_not_found"
        : !IsPresent(from, group) ? "not_a_member"
        : thread > 0 && ThreadModel.Refusal(from, group, thread) is { } refusal ? refusal
        : Append(group, from, id, text, thread);

    public string Block(Person by, string loginId, bool blocked)
    {
        if (loginId == by.LoginId)
        {
            return "invalid_field";
        }

        if (blocked && Find(loginId) is null)
        {
            return "user_not_found";
        }

        _ = blocked ? by.Blocked.Add(loginId) : by.Blocked.Remove(loginId);
        return "ok";
    }

    public string Receipt(Person by, Room room, int delivered, int read)
    {
        if (room.IsGone)
        {
            return "group_not_found";
        }

        if (!room.Places.TryGetValue(by, out var place))
        {
            return room.IsGroup ? "not_a_member" : "not_found";
        }

        var last = room.Window(place).Last;
        place.Delivered = Math.Max(place.Delivered, Math.Min(Math.Max(delivered, read), last));
        place.Read = Math.Max(place.Read, Math.Min(read, last));
        return $"ok {place.Delivered} {place.Read}";
    }

    public (string Outcome, Room? Room) CreateGroup(Person by, IReadOnlyCollection<string> members)
    {
        var others = members.Where(id => id != by.LoginId).Distinct().ToList();
        if (others.Find(id => Refusal(by, id) is not null) is { } refused)
        {
            return (Refusal(by, refused)!, null);
        }

        var group = new Room(isGroup: true) { Version = 1, Places = { [by] = new Place { Role = Owner, JoinedVersion = 1 } } };
        others.ForEach(id => group.Places[Find(id)!] = new Place { JoinedVersion = 1 });
        Rooms.Add(group);
        return ("ok " + Members(group), group);
    }

    public string Add(Person by, Room group, string id)
    {
        if (Check(by, group, Admin) is { } refused)
        {
            return refused;
        }

        if (Find(id) is { } there && IsPresent(there, group))
        {
            return "ok";
        }

        if (Refusal(by, id) is { } unwanted)
        {
            return unwanted;
        }

        var before = group.Places.GetValueOrDefault(Find(id)!);
        group.Version++;
        group.Places[Find(id)!] = new Place
        {
            Joined = group.Messages.Count,
            JoinedVersion = group.Version,
            Delivered = before?.Delivered ?? 0,
            Read = before?.Read ?? 0,
        };
        return "ok";
    }

    public string Remove(Person by, Room group, string id)
    {
        if (id == by.LoginId)
        {
            return Leave(by, group);
        }

        if (Check(by, group, Member) is { } refused)
        {
            return refused;
        }

        var place = PresentPlace(id, group);
        if (place?.Role == Owner)
        {
            return "owner_stays";
        }

        if (group.Places[by].Role < Admin)
        {
            return "not_allowed";
        }

        if (place is not null)
        {
            Go(place, group);
        }

        return "ok";
    }

    public string Promote(Person by, Room group, string id)
    {
        if (Check(by, group, Admin) is { } refused)
        {
            return refused;
        }

        if (PresentPlace(id, group) is not { } place)
        {
            return "member_not_found";
        }

        if (place.Role == Member)
        {
            group.Version++;
            place.Role = Admin;
        }

        return "ok";
    }

    public string Dismiss(Person by, Room group, string id)
    {
        if (Check(by, group, Member) is { } refused)
        {
            return refused;
        }

        var place = PresentPlace(id, group);
        if (place?.Role == Owner)
        {
            return "owner_stays";
        }

        if (id != by.LoginId && group.Places[by].Role < Owner)
        {
            return "not_allowed";
        }

        if (place?.Role == Admin)
        {
            group.Version++;
            place.Role = Member;
        }

        return "ok";
    }

    public string Leave(Person by, Room group)
    {
        if (group.Closed)
        {
            return "group_not_found";
        }

        if (!group.Places.TryGetValue(by, out var place))
        {
            return "not_a_member";
        }

        if (place.Left)
        {
            return "ok";
        }

        var wasOwner = place.Role == Owner;
        Go(place, group);
        if (wasOwner)
        {
            var oldest = group.Present.OrderBy(p => p.Value.JoinedVersion).ThenBy(p => p.Key.LoginId, StringComparer.Ordinal).ToList();
            var heir = oldest.Find(p => p.Value.Role == Admin) is { Value: not null } admin ? admin.Value : oldest.FirstOrDefault().Value;
            if (heir is null)
            {
                (group.Closed, group.Ended) = (true, true);
            }
            else
            {
                heir.Role = Owner;
            }
        }

        return "ok";
    }

    public string DeleteGroup(Person by, Room group)
    {
        if (Check(by, group, Owner) is { } refused)
        {
            return refused;
        }

        group.Closed = true;
        return "ok";
    }

    /// <summary>A page by the conversation's id, newest first.</summary>
    public string History(Person by, Room room, int offset, int size)
    {
        if (room.IsGone)
        {
            return "not_found";
        }

        if (!room.Places.TryGetValue(by, out var place))
        {
            return room.IsGroup ? "not_a_member" : "not_found";
        }

        var (first, last) = room.Window(place);
        return $"ok {last}: " + string.Join(
            ' ', Enumerable.Range(1, room.Messages.Count).Reverse().Where(n => n >= first && n <= last - offset && n > last - offset - size)
                .Select(n => ChangeModel.Show(by, room, n)));
    }

    /// <summary>The list of conversations of a person, in no order.</summary>
    public IEnumerable<string> List(Person by)
    {
        foreach (var room in Rooms.Where(room => room.Places.ContainsKey(by) && room.Messages.Count > 0 && !room.IsGone))
        {
            var place = room.Places[by];
            var (first, last) = room.Window(place);
            if (last >= first)
            {
                var unread = Math.Max(0, last - Math.Max(Math.Max(place.Read, place.LastOwn), place.Joined));
                yield return $"{room.Id} {last} unread {unread} {(room.IsGroup ? place.Left : room.Closed)} {place.Delivered}/{place.Read}";
            }
        }
    }

    /// <summary>What a person misses who has everything up to <paramref name="known"/> in the given rooms.</summary>
    public IEnumerable<string> Sync(Person by, IReadOnlyDictionary<string, int> known)
    {
        foreach (var room in Rooms.Where(
            room => room.Places.ContainsKey(by) && !room.IsGone && (room.IsGroup || room.Messages.Count > 0)))
        {
            var place = room.Places[by];
            var (first, last) = room.Window(place);
            var named = known.TryGetValue(room.Id!, out var sequence);
            var from = Math.Min(Math.Max(Math.Clamp(named ? sequence : place.Delivered, 0, last), first - 1), last);
            if (from < last || named)
            {
                yield return $"{room.Id} {last}: " + string.Join(' ', Enumerable.Range(from + 1, last - from));
            }
        }
    }

    public static string Members(Room group) => string.Join(
        ' ', group.Present.Select(p => $"{p.Key.LoginId}:{(p.Value.Role == Owner ? "owner" : p.Value.Role == Admin ? "admin" : "member")}")
            .Order(StringComparer.Ordinal));

    private static string Append(Room room, Person from, string id, string text, int thread)
    {
        room.Messages.Add((from, id, text));
        if (thread > 0)
        {
            ThreadModel.Reply(room, thread);
        }

        room.Places[from].LastOwn = room.Messages.Count;
        return $"ok {room.Messages.Count}";
    }

    private static bool IsPresent(Person person, Room group) => group.Places.TryGetValue(person, out var place) && !place.Left;

    private Place? PresentPlace(string loginId, Room group) =>
        Find(loginId) is { } person && IsPresent(person, group) ? group.Places[person] : null;

    private static string? Check(Person by, Room group, int role) =>
        group.Closed ? "group_not_found" : !IsPresent(by, group) ? "not_a_member" : group.Places[by].Role < role ? "not_allowed" : null;

    private string? Refusal(Person by, string id) =>
        Find(id) is not { } other ? "user_not_found" : by.Blocked.Contains(id) || other.Blocked.Contains(by.LoginId) ? "blocked" : null;

    private static void Go(Place place, Room group)
    {
        group.Version++;
        (place.Left, place.LeftAt, place.Role) = (true, group.Messages.Count, Member);
    }
}
