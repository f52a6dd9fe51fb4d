namespace Vox.Tests.Model;

/// <summary>A user. The next user with the same login id is somebody else.</summary>
internal sealed class Person(string loginId)
{
    public string LoginId { get; } = loginId;

    public bool IsThere { get; set; } = true;

    /// <summary>For each log-in, whether it is still valid.</summary>
    public List<bool> Sessions { get; } = [];

    /// <summary>The blocked login ids. A new user with the same login id is blocked as well.</summary>
    public HashSet<string> Blocked { get; } = [];
}
