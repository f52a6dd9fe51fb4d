using Vox.Chat.Conversations.Storage;
using Vox.Chat.Files;
using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Protection;

/// <summary>Takes requests to erase a user, a conversation or a project, and shows what has become of them.</summary>
public sealed class ErasureService(
    ErasureStore store, HoldStore holds, UserStore users, UserService userService, LoginIds loginIds, UserRemoval removal,
    SessionEnding sessions, ConversationStore conversations, ConversationHolds conversationHolds, FileStore files, ProjectRemoval projects,
    UsageCounters usage, IEnumerable<IDataRecordStep> records, TimeProvider time)
{
    /// <summary>Erasures of one project that are not done.</summary>
    private const int MaxOpen = 1_000;

    private const int MaxCountedFiles = 100_000;

    /// <summary>Newest first.</summary>
    /// <param name="after">The <c>next</c> of the page before; null: the first page.</param>
    public async Task<ErasurePage> ListAsync(string projectId, string? after, int size, CancellationToken cancellationToken)
    {
        // Also of a project that is gone. But other partitions are none of a project.
        var found = IsProject(projectId) ? await store.ListAsync(projectId, after, size + 1, cancellationToken) : [];
        return new ErasurePage(
            [.. found.Take(size).Where(erasure => erasure.Kind != ErasureKind.Retention).Select(ErasureView.Of)],
            found.Count > size ? found[size - 1].Id : null);
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task<ErasureView> GetAsync(string projectId, string? id, CancellationToken cancellationToken) =>
        id is { Length: > 0 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && await store.FindAsync(projectId, id, cancellationToken) is { } erasure
            ? ErasureView.Of(erasure)
            : throw new VoxException(Errors.NotFound, "There is no such erasure in the project.", "id");

    /// <summary>Erases what the request names.</summary>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, user_not_found, not_found, on_hold, limit_reached
    /// </exception>
    public Task<ErasureView> EraseAsync(
        Project project, ErasureRequest request, DataActor actor, CancellationToken cancellationToken)
    {
        var (user, conversation, name) = (request.Username, request.Conversation, request.Confirmation);
        return (user is { Length: > 0 }, conversation is { Length: > 0 }, name is { Length: > 0 }) switch
        {
            (true, false, false) => EraseUserAsync(project, user, request.Former ?? false, actor, cancellationToken),
            (false, true, false) => EraseConversationAsync(project, conversation, actor, cancellationToken),
            (false, false, true) => EraseProjectAsync(project, name, actor, cancellationToken),
            (false, false, false) => throw new VoxException(
                Errors.MissingField, "username, conversation or confirmation must say what is to be erased.", "username"),
            _ => throw new VoxException(
                Errors.InvalidField, "Name one thing at a time: a username, a conversation, or the project by its confirmation.",
                "username"),
        };
    }

    /// <summary>
    /// Erases a user. They are logged out and gone at once; their texts follow. A user who was deleted before can be erased as well, if
    /// <paramref name="former"/>: everybody who has had this login id and is gone.
    /// </summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_not_found, on_hold, limit_reached</exception>
    public async Task<ErasureView> EraseUserAsync(
        Project project, string? username, bool former, DataActor actor, CancellationToken cancellationToken)
    {
        var loginId = loginIds.Check(username, "username");
        var user = await userService.FindNowAsync(project.User(username!), cancellationToken) is { DeletedAt: null } found ? found : null;
        if (user is null && !former)
        {
            throw new VoxException(
                Errors.UserNotFound,
                "There is no user with this username in the project. To erase one who was deleted before, set former to 1.", "username");
        }

        if (user is not null)
        {
            await holds.CheckUserAsync(project.Id, user.Uid, cancellationToken);
        }
        else if ((await holds.ReadAsync(project.Id, cancellationToken)).Project)
        {
            throw OnHold();
        }

        var counts = user is null
            ? new ErasureCounts()
            : new ErasureCounts(
                Users: 1, Files: (await files.OwnedAsync(project.Id, user.Uid, MaxCountedFiles, cancellationToken)).Count);
        var erasure = await BeginAsync(
            project.Id, ErasureKind.User, user?.LoginId ?? loginId, user?.Uid ?? "", 0, counts, actor, cancellationToken);
        if (user is not null)
        {
            userService.Forget(user.Key);
            await removal.MarkAsync(user, cancellationToken);
            await sessions.EndAllAsync(user.Identity, cancellationToken);
        }

        return ErasureView.Of(erasure);
    }

    /// <summary>Erases everything that was written in a conversation until now. Its members may go on.</summary>
    /// <exception cref="VoxException">missing_field, not_found, on_hold, limit_reached</exception>
    public async Task<ErasureView> EraseConversationAsync(
        Project project, string? conversationId, DataActor actor, CancellationToken cancellationToken)
    {
        var key = await FindConversationAsync(conversations, project, conversationId, cancellationToken);
        if (await conversationHolds.IsHeldAsync(await holds.ReadAsync(project.Id, cancellationToken), key.Key, cancellationToken))
        {
            throw OnHold();
        }

        var erasure = await BeginAsync(
            project.Id, ErasureKind.Conversation, key.Key.Id, "", key.Head.LastSequence, new ErasureCounts(Conversations: 1), actor,
            cancellationToken);
        return ErasureView.Of(erasure);
    }

    /// <summary>Erases a project with everything in it.</summary>
    /// <param name="confirmation">The project's name.</param>
    /// <exception cref="VoxException">invalid_field, on_hold, limit_reached</exception>
    public async Task<ErasureView> EraseProjectAsync(
        Project project, string? confirmation, DataActor actor, CancellationToken cancellationToken)
    {
        if (confirmation?.Trim() != project.Name)
        {
            throw new VoxException(Errors.InvalidField, "confirmation must be the project's name, exactly.", "confirmation");
        }

        await holds.CheckProjectAsync(project.Id, cancellationToken);
        var today = usage.Today();
        var messages = (await usage.ReadAsync(project.Id, DateOnly.FromDateTime(project.CreatedAt.UtcDateTime), today, cancellationToken))
            .Sum(day => day.Messages);
        var counts = new ErasureCounts(Users: await users.CountAsync(project.Id, cancellationToken), Messages: messages);
        var erasure = await BeginAsync(project.Id, ErasureKind.Project, project.Id, "", 0, counts, actor, cancellationToken);
        await projects.BeginAsync(project.Id, cancellationToken);
        return ErasureView.Of(erasure);
    }

    /// <summary>
    /// Repeats all erasures of a project that are done, because an older state of its data was restored. Users are found by their uids.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> ReapplyAsync(string projectId, CancellationToken cancellationToken)
    {
        var (count, after) = (0, (string?)null);
        while (IsProject(projectId) && await store.ListAsync(projectId, after, 1_000, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var erasure in page.Where(erasure => erasure.State == ErasureState.Done))
            {
                if (erasure.Kind == ErasureKind.Project)
                {
                    if (!(await holds.ReadAsync(projectId, cancellationToken)).IsEmpty)
                    {
                        continue;
                    }

                    // Its row is back without the mark that it is deleted.
                    await projects.BeginAsync(projectId, cancellationToken);
                }

                var again = erasure with { State = ErasureState.Running, DueAt = time.GetUtcNow(), DoneAt = null, Cursor = "" };
                count += await store.TrySaveAsync(erasure, again, cancellationToken) is null ? 0 : 1;
            }

            after = page[^1].Id;
        }

        return count;
    }

    /// <exception cref="VoxException">missing_field, not_found</exception>
    internal static async Task<(ConversationKey Key, ConversationHead Head)> FindConversationAsync(
        ConversationStore conversations, Project project, string? id, CancellationToken cancellationToken)
    {
        if (id is not { Length: > 0 })
        {
            throw new VoxException(Errors.MissingField, "conversation is missing or blank.", "conversation");
        }

        var key = new ConversationKey(project.Id, id);
        return ConversationKey.IsId(id) && await conversations.FindHeadAsync(key, cancellationToken) is { } head
            ? (key, head)
            : throw new VoxException(Errors.NotFound, "There is no such conversation in the project.", "conversation");
    }

    private static bool IsProject(string id) => id.Length <= 64 && id.StartsWith("pid_", StringComparison.Ordinal);

    private static VoxException OnHold() =>
        new(Errors.OnHold, "A legal hold covers this: nothing of it is erased before the hold is lifted.");

    private async Task<Erasure> BeginAsync(
        string projectId, ErasureKind kind, string subject, string uid, long lastSequence, ErasureCounts counts, DataActor actor,
        CancellationToken cancellationToken)
    {
        if ((await store.OpenAsync(projectId, MaxOpen, cancellationToken)).Count >= MaxOpen)
        {
            throw new VoxException(Errors.LimitReached, $"At most {MaxOpen:N0} erasures can be under way: wait until some are done.");
        }

        var now = time.GetUtcNow();
        var erasure = new Erasure(
            projectId, ChatKeys.Erasure(now, RandomIds.Create(10)), kind, subject, uid,
            kind == ErasureKind.User ? Erased.NewPseudonym() : "", lastSequence, ErasureState.Running, now, actor.Who, now, null,
            counts, "", default);
        await store.AddAsync(erasure, cancellationToken);
        foreach (var record in records)
        {
            await record.RecordAsync(
                projectId, actor, "data.erasure_requested", $"{kind} ({erasure.Id})", cancellationToken);
        }

        return erasure;
    }
}
