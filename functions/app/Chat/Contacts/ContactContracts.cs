namespace Vox.Chat.Contacts;

/// <summary><c>POST /api/v1/contacts</c> and <c>POST /api/v1/blocks</c></summary>
internal sealed record ContactRequest(string? Id);

/// <param name="Registered">
/// Whether the contact is a user of the project. If not, the live event <c>joined</c> tells when they become one.
/// </param>
/// <param name="Added">False when the contact was in the list already.</param>
public sealed record ContactAdded(string Id, bool Registered, bool Added);

public sealed record ContactList(IReadOnlyList<ContactView> Contacts);

/// <param name="Type">Always 1: a contact added by id.</param>
/// <param name="LastSeen">As in <see cref="Vox.Chat.People.PersonView"/>.</param>
public sealed record ContactView(
    string Id, int Type, bool Registered, bool Blocked, string DisplayName, string Status, string Photo, bool Online, long LastSeen);

public sealed record BlockList(IReadOnlyList<string> Ids);

/// <summary>Argument of the live event <c>joined</c>.</summary>
internal sealed record JoinedEvent(string User);
