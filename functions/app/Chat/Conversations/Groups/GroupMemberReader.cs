using System.Buffers.Text;
using System.Text;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>The members of a group in pages, whatever its size.</summary>
public sealed class GroupMemberReader(GroupReader reader, GroupStore groups, AudienceStore store, AudienceService audience)
{
    /// <summary>First character of a cursor: where the page before has ended.</summary>
    private const char InConversation = 'c';
    private const char InAudience = 'a';

    /// <summary>A page of members. In a broadcast group it is for the owner and the admins: members do not see one another.</summary>
    /// <param name="cursor">From the page before; null for the first.</param>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, invalid_field</exception>
    public async Task<GroupMemberPage> ReadAsync(
        Sender sender, ConversationKey key, string? cursor, int size, CancellationToken cancellationToken)
    {
        var window = await reader.GetWindowAsync(sender, key, cancellationToken);
        GroupPolicy.Check(
            window.Member.Left ? null : window.Member.Role, key.IsBroadcast ? GroupAction.ListAudience : GroupAction.Read);

        var (isAudience, after) = Parse(cursor);

        // One more than asked for tells whether there is another page.
        var members = isAudience ? [] : await groups.ReadPageAsync(
            key, after is null ? "" : ChatKeys.GroupMember(after), size + 1, cancellationToken);
        if (key.IsBroadcast && members.Count <= size)
        {
            members.AddRange(await store.ReadPageAsync(key, isAudience ? after : null, size + 1 - members.Count, cancellationToken));
        }

        var page = members.Take(size).ToList();
        return new GroupMemberPage(
            key.IsBroadcast ? await audience.CountAsync(key, window.Head, exact: false, cancellationToken) : window.Info.MemberCount,
            page.ConvertAll(member => new GroupMemberView(member.LoginId, GroupService.Role(member.Role), member.JoinedAt)),
            members.Count > size ? Cursor(page[^1]) : null);
    }

    private static string Cursor(GroupMember last) =>
        (last.InAudience ? InAudience : InConversation) + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last.LoginId));

    private static (bool IsAudience, string? After) Parse(string? cursor) => cursor switch
    {
        null or "" => (false, null),
        [InConversation or InAudience, .. { Length: > 0 and <= 1_000 } name] when Base64Url.IsValid(name) =>
            (cursor[0] == InAudience, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(name))),
        _ => throw new VoxException(Errors.InvalidField, "cursor must be one from the page before, unchanged.", "cursor"),
    };
}
