using Vox.Chat.People;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Users;

/// <summary>A checked <see cref="ServerUserDraft"/>.</summary>
/// <param name="Place">Where it stands in the request, for errors: <c>users[3]</c>. Empty for the whole request.</param>
/// <param name="Custom">Null: as it is. Empty: none.</param>
internal sealed record WantedUser(string Id, string Place, ProfileRequest Change, string? Custom)
{
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public static WantedUser Of(ServerUserDraft draft, string place, LoginIds loginIds)
    {
        if (draft is null)
        {
            throw new VoxException(Errors.InvalidField, $"{place} must be an object.", place);
        }

        try
        {
            var change = new ProfileRequest(draft.DisplayName, draft.Status, draft.Photo);
            _ = ProfileService.Apply(Profile.Empty, change);
            return new WantedUser(loginIds.Check(draft.Id, "id"), place, change, CustomData.Check(draft.Custom, "custom"));
        }
        catch (VoxException e) when (place.Length > 0)
        {
            throw new VoxException(e.Error, $"{place}: {e.Message}", $"{place}.{e.Field}", e);
        }
    }
}
