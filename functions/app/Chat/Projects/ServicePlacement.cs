using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vox.Chat.Projects;

/// <summary>
/// Which SignalR services, by their numbers, have a project's live connections. It is stored with the project, so a service that is added
/// later moves nobody. Most projects have one; the users of a very large one are spread over several.
/// </summary>
/// <param name="Now">The services of the project; while it moves, those to which it moves.</param>
public sealed record ServicePlacement(IReadOnlyList<int> Now)
{
    /// <summary>A project from before there were several services is on the first.</summary>
    public static ServicePlacement First { get; } = new([0]);

    /// <summary>Where the project moves away from. Empty unless it moves: then both are served.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>
    /// From when on clients connect to the new services. Before that, every process must have learned of the move and push to both.
    /// </summary>
    public DateTimeOffset SwitchesAt { get; init; }

    /// <summary>
    /// Where the project has been. A service keeps for a year which groups a user is in, so whoever leaves a group leaves it there too: the
    /// project might come back.
    /// </summary>
    public IReadOnlyList<int> Former { get; init; } = [];

    public bool IsMoving => Before.Count > 0;

    /// <summary>All that may have live connections of the project now.</summary>
    public IReadOnlyList<int> Serving => IsMoving ? [.. Now.Union(Before)] : Now;

    /// <summary>All that may know something of the project's users.</summary>
    public IReadOnlyList<int> Ever => Former.Count == 0 ? Serving : [.. Serving.Union(Former)];

    /// <summary>Where a user's new connections go.</summary>
    public int HomeOf(string realtimeUser, DateTimeOffset now) => Choose(realtimeUser, IsMoving && now < SwitchesAt ? Before : Now);

    /// <summary>Where a user may have live connections: one service, while the project moves perhaps two.</summary>
    public IReadOnlyList<int> HomesOf(string realtimeUser)
    {
        var home = Choose(realtimeUser, Now);
        return IsMoving && Choose(realtimeUser, Before) is var former && former != home ? [home, former] : [home];
    }

    /// <summary>
    /// Without the services that are not configured. If none is left, the project is where a new one with its id would be, until the
    /// service is back: it is the same for every process with these settings.
    /// </summary>
    public ServicePlacement Within(IReadOnlyList<int> configured, string projectId)
    {
        if (Now.All(configured.Contains) && Before.All(configured.Contains))
        {
            return this;
        }

        IReadOnlyList<int> left = [.. Now.Where(configured.Contains)];
        return this with
        {
            Now = left.Count > 0 ? left : [Choose(projectId, configured)],
            Before = [.. Before.Where(configured.Contains)],
        };
    }

    /// <summary>
    /// Rendezvous hashing: each service gets its share of the keys, and a service that is added takes its share from all others alike; no
    /// key moves between those.
    /// </summary>
    public static int Choose(string key, IReadOnlyList<int> services) => services.Count == 1
        ? services[0]
        : services.MaxBy(service => BinaryPrimitives.ReadUInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{service}|{key}"))));

    /// <summary><c>0 2</c></summary>
    public static string ToText(IReadOnlyList<int> services) =>
        string.Join(' ', services.Select(service => service.ToString(CultureInfo.InvariantCulture)));

    public static IReadOnlyList<int> Parse(string? text) =>
        [.. (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
}

/// <summary>Chooses the SignalR service of a new project.</summary>
public interface IServiceChoice
{
    ServicePlacement ChooseFor(string newProjectId);
}
