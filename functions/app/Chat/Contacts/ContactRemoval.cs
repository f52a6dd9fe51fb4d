using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Chat.Contacts;

/// <summary>Removes a deleted user's contact list. Others keep the user in theirs, as a contact who is not a user.</summary>
internal sealed class ContactRemoval(ContactStore store) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var book = await store.ReadAsync(user.Identity, cancellationToken);
        foreach (var contact in book.Contacts)
        {
            await store.RemoveAsync(user.Identity, contact, cancellationToken);
        }

        foreach (var blocked in book.Blocked)
        {
            await store.SetBlockedAsync(user.Identity, blocked, false, cancellationToken);
        }
    }
}
