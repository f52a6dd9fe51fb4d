using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Text;

namespace Vox.Chat.People;

/// <summary>The caller's own profile.</summary>
public sealed class ProfileService(PersonStore store, IEnumerable<IPictureStep> pictures, Watchers watchers)
{
    public const int MaxDisplayName = 100;
    public const int MaxStatus = 500;

    public async Task<ProfileView> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        var (profile, _) = await store.ReadAsync(caller.Identity, cancellationToken);
        return View(caller, profile);
    }

    /// <exception cref="VoxException">too_long, invalid_field</exception>
    public async Task<ProfileView> UpdateAsync(Caller caller, ProfileRequest request, CancellationToken cancellationToken)
    {
        var (before, _) = await store.ReadAsync(caller.Identity, cancellationToken);
        var profile = new Profile(
            CheckName(request.DisplayName) ?? before.DisplayName,
            Check(request.Status, "status", MaxStatus) ?? before.Status,
            request.Photo is { } photo ? FileKey.CheckReference(photo, "photo") : before.Photo);
        if (profile != before)
        {
            foreach (var step in pictures)
            {
                await step.ChosenAsync(caller.Identity, profile.Photo, cancellationToken);
            }

            await store.SaveAsync(caller.Identity, profile, cancellationToken);
            await watchers.TellAsync(
                caller.Identity, RealtimeEvents.Profile,
                new ProfileEvent(caller.LoginId, profile.DisplayName, profile.Status, profile.Photo), PeopleJson.Wire.ProfileEvent,
                andOwnDevices: true, cancellationToken);
        }

        return View(caller, profile);
    }

    private static ProfileView View(Caller caller, Profile profile) =>
        new(caller.LoginId, profile.DisplayName, profile.Status, profile.Photo);

    /// <summary>Empty for no name. A name that nobody sees is none, and would hide whose it is.</summary>
    private static string? CheckName(string? name) =>
        Check(name, "displayName", MaxDisplayName) is { Length: > 0 } text && !VisibleText.IsVisible(text)
            ? throw new VoxException(Errors.InvalidField, "displayName has no visible character: choose another one.", "displayName")
            : name;

    private static string? Check(string? value, string field, int max) => value switch
    {
        { Length: var length } when length > max => throw new VoxException(
            Errors.TooLong, $"{field} may have at most {max} characters.", field),
        not null when value.Any(c => char.IsControl(c) && c != '\n') || !LoginIds.IsText(value) => throw new VoxException(
            Errors.InvalidField, $"{field} may not contain control characters.", field),
        _ => value,
    };
}

/// <summary>Removes a deleted user's profile.</summary>
internal sealed class ProfileRemoval(PersonStore store) : IUserRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) =>
        store.RemoveAsync(user.Identity, cancellationToken);
}
