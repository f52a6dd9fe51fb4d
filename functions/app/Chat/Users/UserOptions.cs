using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Users;

/// <summary>Limits of users. Section <c>Users</c>.</summary>
public sealed class UserOptions
{
    public const string Section = "Users";

    /// <summary>Longest login id in characters (UTF-16). In UTF-8 it may have at most twice as many bytes. 8–128, default 128.</summary>
    [Range(8, 128)]
    public int MaxLoginIdLength { get; set; } = 128;

    /// <summary>Longest password in characters. 8–1,024, default 256.</summary>
    [Range(8, 1_024)]
    public int MaxPasswordLength { get; set; } = 256;

    /// <summary>How long a recipient's existence is kept in memory, in seconds. 1–300, default 30.</summary>
    [Range(1, 300)]
    public int CacheSeconds { get; set; } = 30;

    internal TimeSpan Cache => TimeSpan.FromSeconds(CacheSeconds);

    /// <summary>
    /// Ids of the projects in which pages may create users without a server, separated by blanks or commas; <c>*</c> for all. Default:
    /// none. Anyone who has such a page can create users.
    /// </summary>
    public string SelfSignUp { get; set; } = "";

    /// <summary>Users that pages may create in one project per minute, counted for all instances together. 1–100,000, default
    /// 60.</summary>
    [Range(1, 100_000)]
    public int SelfSignUpsPerMinute { get; set; } = 60;
}
