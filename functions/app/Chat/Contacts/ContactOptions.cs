using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Contacts;

/// <summary>Limits of contact lists. Section <c>Contacts</c>.</summary>
public sealed class ContactOptions
{
    public const string Section = "Contacts";

    /// <summary>Contacts of one user, and blocked users of one user. 1–10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxContacts { get; set; } = 1_000;
}
