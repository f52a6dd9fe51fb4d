using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi;

/// <summary>A group that a customer's server has named, and in whose name the server acts there: its owner's.</summary>
public sealed record NamedGroup(ConversationKey Key, ConversationHead Head)
{
    public GroupInfo Info => Head.Group!;

    public Sender Owner => new(Info.OwnerLogin, Info.OwnerUid);

    public GroupActor Actor => new(Key.ProjectId, Owner, Client: null);
}

/// <summary>Finds groups by what a customer's server calls them: their own id, or the conversation's.</summary>
public sealed class ServerGroups(ConversationStore conversations)
{
    private const int MaxOwnId = 64;

    /// <summary>An owner may leave at the same moment as the server acts in their name.</summary>
    private const int Attempts = 5;

    /// <summary>The key of the group with this own id. The id is part of it, so no row says which group it is.</summary>
    public static ConversationKey KeyOf(string projectId, string ownId, bool broadcast) =>
        ConversationKey.NewGroup(projectId, broadcast, GroupService.Digest(projectId, ownId));

    /// <exception cref="VoxException">too_long, invalid_field</exception>
    public static string CheckOwnId(string id) => id switch
    {
        { Length: 0 or > MaxOwnId } => throw new VoxException(Errors.TooLong, $"id must have 1 to {MaxOwnId} characters.", "id"),
        _ when ConversationKey.IsGroupId(id) => throw new VoxException(
            Errors.InvalidField,
                "id looks like the id of a conversation: choose another one, not a g with 22 letters and digits.",
            "id"),
        _ when !IsOwnId(id) => throw new VoxException(
            Errors.InvalidField, "id may contain only ASCII letters, digits, hyphens, underscores, full stops and colons.", "id"),
        _ => id,
    };

    /// <returns>Also a deleted group; null when there never was one.</returns>
    public async Task<(ConversationKey Key, ConversationHead Head)?> FindEverAsync(
        string projectId, string id, CancellationToken cancellationToken)
    {
        if (!IsOwnId(id))
        {
            return null;
        }

        ConversationKey[] keys = ConversationKey.IsGroupId(id)
            ? [new(projectId, id)]
            : [KeyOf(projectId, id, broadcast: false), KeyOf(projectId, id, broadcast: true)];
        foreach (var key in keys)
        {
            if (await conversations.FindHeadAsync(key, cancellationToken) is { Group: not null } head)
            {
                return (key, head);
            }
        }

        return null;
    }

    /// <exception cref="VoxException">group_not_found</exception>
    public async Task<NamedGroup> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        await FindEverAsync(projectId, id, cancellationToken) is { Head.Closed: false } found
            ? new NamedGroup(found.Key, found.Head)
            : throw new VoxException(Errors.GroupNotFound, "There is no such group in the project, or it was deleted.", "groupId");

    /// <summary>Does something in the name of the group's owner, whoever that is then.</summary>
    /// <exception cref="VoxException">group_not_found, and those of the work</exception>
    public async Task<T> AsOwnerAsync<T>(
        Project project, string id, Func<NamedGroup, Task<T>> act, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var group = await FindAsync(project.Id, id, cancellationToken);
            try
            {
                return await act(group);
            }
            catch (VoxException e) when (
                attempt < Attempts && (e.Error == Errors.NotAllowed || e.Error == Errors.NotAMember || e.Error == Errors.OwnerStays))
            {
                if ((await FindAsync(project.Id, id, cancellationToken)).Info.OwnerUid == group.Info.OwnerUid)
                {
                    throw;
                }
            }
        }
    }

    private static bool IsOwnId(string id) => id.Length is > 0 and <= MaxOwnId
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
