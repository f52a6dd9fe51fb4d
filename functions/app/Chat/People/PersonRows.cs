using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.People;

/// <summary>Rows of table <c>people</c>.</summary>
internal static class PersonRows
{
    public static TableEntity OfProfile(UserIdentity user, Profile profile) => new(user.Partition, ChatKeys.ProfileRow)
    {
        ["DisplayName"] = profile.DisplayName,
        ["Status"] = profile.Status,
        ["Photo"] = profile.Photo,
    };

    public static Profile ToProfile(TableEntity row) => new(
        row.GetString("DisplayName") ?? "", row.GetString("Status") ?? "", FileKey.ReferenceOrEmpty(row.GetString("Photo")));

    public static TableEntity OfCustom(UserIdentity user, string json) => new(user.Partition, ChatKeys.CustomRow) { ["Json"] = json };
}
