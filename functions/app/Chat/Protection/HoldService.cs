using Vox.Chat.Conversations.Storage;
using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Protection;

/// <summary>Sets and lifts legal holds.</summary>
public sealed class HoldService(
    HoldStore store, UserService users, UserStore userStore, LoginIds loginIds, ConversationStore conversations, ErasureStore erasures,
    IEnumerable<IDataRecordStep> records, TimeProvider time)
{
    private const int MaxReason = 500;

    public async Task<HoldList> ListAsync(string projectId, CancellationToken cancellationToken) => new(
        [.. (await store.ReadAsync(projectId, cancellationToken)).All.OrderByDescending(hold => hold.SetAt).Select(HoldView.Of)]);

    /// <summary>Sets a hold. One that stands already stays as it is.</summary>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, user_not_found, not_found, limit_reached
    /// </exception>
    public async Task<HoldView> SetAsync(
        Project project, HoldRequest request, DataActor actor, CancellationToken cancellationToken)
    {
        var reason = request.Reason?.Trim() switch
        {
            null or "" => throw new VoxException(Errors.MissingField, "reason is missing or blank.", "reason"),
            { Length: > MaxReason } => throw new VoxException(
                Errors.TooLong, $"reason may have at most {MaxReason} characters.", "reason"),
            var text when text.Any(char.IsControl) || !LoginIds.IsText(text) => throw new VoxException(
                Errors.InvalidField, "reason may not contain control characters.", "reason"),
            var text => text,
        };
        var hold = new Hold(project.Id, HoldKind.Project, "", "", reason, actor.Who, time.GetUtcNow());
        User? user = null;
        switch (request.Username, request.Conversation)
        {
            case ({ Length: > 0 }, { Length: > 0 }):
                throw new VoxException(Errors.InvalidField, "Name a user or a conversation, not both.", "conversation");
            case ({ Length: > 0 }, _):
                user = await FindUserAsync(project, request.Username, cancellationToken);
                hold = hold with { Kind = HoldKind.User, Target = user.LoginId, Uid = user.Uid };
                break;
            case (_, { Length: > 0 }):
                var (key, _) = await ErasureService.FindConversationAsync(
                    conversations, project, request.Conversation, cancellationToken);
                hold = hold with { Kind = HoldKind.Conversation, Target = key.Id };
                break;
        }

        var present = await store.ReadAsync(project.Id, cancellationToken);
        if (present.All.FirstOrDefault(other => other.Id == hold.Id) is { } same)
        {
            return HoldView.Of(same);
        }

        if (present.All.Count >= HoldStore.Max)
        {
            throw new VoxException(Errors.LimitReached, $"A project has at most {HoldStore.Max:N0} holds: lift one first.");
        }

        await store.TryAddAsync(hold, cancellationToken);
        if (user is not null && await userStore.FindAsync(user.Key, cancellationToken) is var now
            && (now?.Uid != user.Uid || now.DeletedAt is not null))
        {
            // The user was deleted at the same moment.
            await store.RemoveAsync(hold, cancellationToken);
            throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
        }

        await RecordAsync(project, actor, "data.hold_set", $"{hold.Id}: {reason}", cancellationToken);
        return HoldView.Of(hold);
    }

    /// <summary>
    /// Lifts a hold. Erasures that waited for it go on at once. The project's own keys do not lift what an owner has set, and nobody of the
    /// project lifts what an operator has set.
    /// </summary>
    /// <exception cref="VoxException">missing_field, not_found, not_allowed</exception>
    public async Task LiftAsync(Project project, string? id, DataActor actor, CancellationToken cancellationToken)
    {
        if (id is not { Length: > 0 })
        {
            throw new VoxException(Errors.MissingField, "id is missing or blank.", "id");
        }

        var hold = (await store.ReadAsync(project.Id, cancellationToken)).All.FirstOrDefault(hold => hold.Id == id)
            ?? throw new VoxException(Errors.NotFound, "There is no such hold in the project: it may have been lifted.", "id");

        if (Rank(hold.SetBy) > Rank(actor.Who))
        {
            throw new VoxException(
                Errors.NotAllowed,
                hold.SetBy == DataActor.Operator
                    ? "An operator of this installation has set this hold: only operators can lift it."
                    : "An owner has set this hold in the portal: owners lift it there.");
        }

        // The record comes first: nobody is to lift a hold without a trace.
        await RecordAsync(project, actor, "data.hold_lifted", $"{hold.Id}: {hold.Reason}", cancellationToken);
        await store.RemoveAsync(hold, cancellationToken);
        foreach (var erasure in await erasures.OpenAsync(project.Id, 1_000, cancellationToken))
        {
            if (erasure.State == ErasureState.Held)
            {
                await erasures.TrySaveAsync(erasure, erasure with { DueAt = time.GetUtcNow() }, cancellationToken);
            }
        }
    }

    private static int Rank(string who) => who switch
    {
        DataActor.Operator => 2,
        DataActor.Api => 0,
        _ => 1,
    };

    private async Task<User> FindUserAsync(Project project, string? username, CancellationToken cancellationToken)
    {
        loginIds.Check(username, "username");
        return await users.FindNowAsync(project.User(username!), cancellationToken) is { DeletedAt: null } user
            ? user
            : throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
    }

    private async Task RecordAsync(Project project, DataActor actor, string action, string detail, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            await record.RecordAsync(project.Id, actor, action, detail, cancellationToken);
        }
    }
}
