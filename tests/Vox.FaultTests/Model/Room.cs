namespace Vox.Tests.Model;

/// <summary>A conversation of two, or a group.</summary>
internal sealed class Room(bool isGroup)
{
    public bool IsGroup { get; } = isGroup;

    public string? Id { get; set; }

    public bool Closed { get; set; }

    /// <summary>Closed because all members have left: they keep what they saw.</summary>
    public bool Ended { get; set; }

    /// <summary>A group that was deleted: nobody sees it any more.</summary>
    public bool IsGone => IsGroup && Closed && !Ended;

    public int Version { get; set; }

    public Dictionary<Person, Place> Places { get; } = [];

    /// <summary>The messages, oldest first. The first has sequence 1.</summary>
    public List<(Person From, string Id, string Text)> Messages { get; } = [];

    /// <summary>What has become of messages, by sequence.</summary>
    public Dictionary<int, Changed> Changed { get; } = [];

    public int LastChange { get; set; }

    /// <summary>Replies, oldest first, by the message that their thread begins with.</summary>
    public Dictionary<int, List<int>> Threads { get; } = [];

    /// <summary>By sequence, the thread that a message is in, and its place in it.</summary>
    public Dictionary<int, (int Thread, int Number)> Replies { get; } = [];

    public int Find(Person from, string id) => Messages.FindIndex(m => m.From == from && m.Id == id) + 1;

    public IEnumerable<KeyValuePair<Person, Place>> Present => Places.Where(place => !place.Value.Left);

    /// <summary>The first and the last message that a member sees.</summary>
    public (int First, int Last) Window(Place place)
        => (place.Joined + 1, place.Left ? Math.Min(place.LeftAt, Messages.Count) : Messages.Count);
}

/// <summary>What has become of a message.</summary>
internal sealed class Changed
{
    public int Change { get; set; }

    public bool IsEdited { get; set; }

    public bool IsDeleted { get; set; }

    public Person? PinnedBy { get; set; }

    /// <summary>Who reacted with what, by time.</summary>
    public List<(string Emoji, List<Person> By)> Reactions { get; } = [];
}

/// <summary>The place of one person in a room.</summary>
internal sealed class Place
{
    public int Role { get; set; }

    public int Joined { get; set; }

    public int JoinedVersion { get; set; }

    public bool Left { get; set; }

    public int LeftAt { get; set; }

    public int Delivered { get; set; }

    public int Read { get; set; }

    public int LastOwn { get; set; }
}
