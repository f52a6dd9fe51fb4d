using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Text;

namespace Vox.Chat.People;

/// <summary>The caller's own profile.</summary>
public sealed class ProfileService(
    PersonStore store, IEnumerable<IPictureStep> pictures, Watchers watchers, IProjectEvents events, TimeProvider time)
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
        var profile = Apply(before, request);
        if (profile != before)
        {
            await ChoosePictureAsync(caller.Identity, profile, cancellationToken);
            await store.SaveAsync(caller.Identity, profile, cancellationToken);
            await TellServersAsync(caller.Identity, profile, custom: null);
            await TellAsync(caller.Identity, profile, cancellationToken);
        }

        return View(caller, profile);
    }

    /// <summary>The profile with the changes. An absent field stays as it is, an empty text clears it.</summary>
    /// <exception cref="VoxException">too_long, invalid_field</exception>
    public static Profile Apply(Profile before, ProfileRequest change) => new(
        CheckName(change.DisplayName) ?? before.DisplayName,
        Check(change.Status, "status", MaxStatus) ?? before.Status,
        change.Photo is { } photo ? FileKey.CheckReference(photo, "photo") : before.Photo);

    /// <summary>Before a changed profile is stored.</summary>
    public async Task ChoosePictureAsync(UserIdentity user, Profile profile, CancellationToken cancellationToken)
    {
        foreach (var step in pictures)
        {
            await step.ChosenAsync(user, profile.Photo, cancellationToken);
        }
    }

    /// <summary>After a changed profile is stored: tells those who have the user in their contacts, and the user's own devices.</summary>
    public Task TellAsync(UserIdentity user, Profile profile, CancellationToken cancellationToken) => watchers.TellAsync(
        user, RealtimeEvents.Profile, new ProfileEvent(user.LoginId, profile.DisplayName, profile.Status, profile.Photo),
        PeopleJson.Wire.ProfileEvent, andOwnDevices: true, cancellationToken);

    /// <summary>After a changed profile, or changed custom data, is stored: tells the customer's server.</summary>
    /// <param name="custom">The custom data, if they have changed: a JSON object, or empty for none.</param>
    public Task TellServersAsync(UserIdentity user, Profile profile, string? custom) => events.TellAsync(
        user.ProjectId, EventTypes.UserUpdated, time.GetUtcNow(),
        new UserUpdatedData(user.LoginId, profile.DisplayName, profile.Status, profile.Photo)
        {
            Custom = custom is null ? null : JsonObjectText.Read(custom.Length > 0 ? custom : "{}"),
        },
        EventJson.Wire.UserUpdatedData, user.Uid, Guid.NewGuid().ToString("N"));

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
