using System.Globalization;
using Vox.Chat.People;
using Vox.Chat.Users;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi.Users;

internal static class ServerUserView
{
    public static ServerUser Of(User user, KeptPerson person)
    {
        var (name, status, photo) = person.Profile;
        var disabled = user.DisabledAt is not null;
        // Of what is shown, not of the rows' versions: a new password, or a second write of the same, does not change what the server saw.
        var tag = KeyText.Digest(
            user.Uid, disabled.ToString(CultureInfo.InvariantCulture), name, status, photo, person.Custom,
            $"{user.BannedUntil:O} {user.MutedUntil:O}");
        return new ServerUser(
            user.LoginId, name, status, photo, CustomData.Read(person.Custom), disabled, user.CreatedAt, $"\"{tag}\"",
            user.BannedUntil, user.MutedUntil);
    }
}
