namespace Vox.Chat.ChatLogs;

/// <summary>This process in the list of those that write logs, under one of its names.</summary>
public sealed class WriterRegistration(string id)
{
    private long seenAt;
    private long usedAt;
    private int marks;
    private volatile bool abandoned;

    public string Id { get; } = id;

    /// <summary>How many conversations are marked under it. A conversation that was marked twice counts twice.</summary>
    public int Marks => Volatile.Read(ref marks);

    /// <summary>Something that was marked under it may never be logged here: its marks stay for the repair.</summary>
    public bool IsAbandoned
    {
        get => abandoned;
        set => abandoned = value;
    }

    /// <summary>When another registration took its place.</summary>
    public DateTimeOffset RetiredAt { get; set; }

    /// <summary>When the list last heard that this process is alive.</summary>
    public DateTimeOffset SeenAt
    {
        get => new(Volatile.Read(ref seenAt), TimeSpan.Zero);
        set => Volatile.Write(ref seenAt, value.UtcTicks);
    }

    /// <summary>When a message was last about to be stored under it.</summary>
    public DateTimeOffset UsedAt
    {
        get => new(Volatile.Read(ref usedAt), TimeSpan.Zero);
        set => Volatile.Write(ref usedAt, value.UtcTicks);
    }

    public void CountMark() => Interlocked.Increment(ref marks);
}
