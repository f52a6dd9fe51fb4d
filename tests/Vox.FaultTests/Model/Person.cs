namespace Vox.Tests.Model;

/// <summary>A user; the next one of the same login id is somebody else.</summary>
internal sealed class Person(string loginId)
{
    public string LoginId { get; } = loginId;

    public bool IsThere { get; set; } = true;

    /// <summary>Whether each log-in still holds.</summary>
    public List<bool> Sessions { get; } = [];

    /// <summary>Login ids: a new user of that name is blocked as well.</summary>
    public HashSet<string> Blocked { get; } = [];
}
