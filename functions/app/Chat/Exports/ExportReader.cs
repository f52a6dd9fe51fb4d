using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Devices;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Moderation;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Scheduled;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Exports;

/// <summary>A page of a part of an archive.</summary>
/// <param name="Lines">JSON, one object each.</param>
/// <param name="Next">Where to go on; null at the end of the part.</param>
internal sealed record ExportPage(IReadOnlyList<byte[]> Lines, string? Next);

/// <summary>A part of an archive: a folder with files of JSON lines.</summary>
internal sealed record ExportSection(string Name, Func<Export, string, CancellationToken, Task<ExportPage>> ReadAsync);

/// <summary>
/// Reads what goes into an archive, a page at a time, so that any part can be gone on with after any page. A user's archive has what is
/// theirs, and the messages that they can see. A project's has everything that its users have made.
/// </summary>
public sealed class ExportReader(
    ProjectStore projects, UserStore users, PersonStore people, ContactStore contacts, SessionStore sessions, RecentStore recents,
    ConversationStore conversations, ConversationScanStore scan, GroupReader groups, GroupStore members,
    ScheduledStore scheduled, DeviceStore devices, FileStore files, ChangeStore changes, FlagStore flags)
{
    /// <summary>Messages of a page: at most some 16 MB, mostly far less.</summary>
    private const int Page = 200;

    /// <summary>Conversations that a page looks through for reactions: most have none.</summary>
    private const int MaxLookedThrough = 50;

    internal IReadOnlyList<ExportSection> SectionsOf(ExportKind kind) => kind == ExportKind.User
        ?
        [
            new("user", UserAsync), new("contacts", ContactsAsync), new("sessions", SessionsAsync),
            new("conversations", OwnConversationsAsync), new("messages", OwnMessagesAsync), new("files", OwnFilesAsync),
            new("scheduled", ScheduledAsync), new("devices", DevicesAsync),
        ]
        :
        [
            new("project", ProjectAsync), new("users", UsersAsync), new("conversations", ConversationsAsync), new("members", MembersAsync),
            new("messages", MessagesAsync), new("files", FilesAsync),
        ];

    /// <summary>
    /// Parts that follow the files. What a release adds goes here: another release that goes on with the same export, during a rollout,
    /// counts the parts before the files, and would take one of them for the other.
    /// </summary>
    internal IReadOnlyList<ExportSection> SectionsAfterFilesOf(ExportKind kind) =>
        kind == ExportKind.User ? [new("reactions", ReactionsAsync), new("flags", FlagsAsync)] : [];

    /// <summary>Ids and owners of the files whose bytes go into the archive, after a cursor.</summary>
    internal async Task<(IReadOnlyList<StoredFile> Files, string? Next)> ReadFilesAsync(
        Export export, string after, CancellationToken cancellationToken)
    {
        var ids = export.Kind == ExportKind.User
            ? (await files.OwnedAsync(export.ProjectId, export.Uid, Page, cancellationToken, after)).Select(id => (export.Uid, id)).ToList()
            : [.. await files.OfProjectAsync(export.ProjectId, Page, cancellationToken, after)];
        var found = await ManyRequests.EachAsync(
            ids, file => files.FindAsync(export.ProjectId, file.Item2, cancellationToken), cancellationToken);

        // Of two users who chose the same key, the file is of the first.
        return (
            [.. found.Zip(ids).Where(pair => pair.First is { State: FileState.Stored or FileState.Done, Content: not null } file
                && file.OwnerUid == pair.Second.Item1).Select(pair => pair.First!)],
            ids.Count < Page ? null : CursorOf(export, ids[^1]));
    }

    /// <summary>Where to go on after this file.</summary>
    internal static string CursorOf(Export export, (string Uid, string Id) file) =>
        export.Kind == ExportKind.User ? file.Id : $"{file.Uid}|{file.Id}";

    /// <summary>Keys begin with fifteen letters and digits and have no separators, so no path leads anywhere else.</summary>
    internal static string PathOf(StoredFile file) => FileKey.IsValid(file.Key) ? $"files/{file.Key}" : $"files/{file.Id}";

    private async Task<ExportPage> UserAsync(Export export, string after, CancellationToken cancellationToken) =>
        await users.FindAsync(new(export.ProjectId, export.Subject), cancellationToken) is { } user && user.Uid == export.Uid
            ? new ExportPage([Line(await OfAsync(user, cancellationToken), ExportJson.Wire.ExportedUser)], null)
            : new ExportPage([], null);

    private async Task<ExportPage> ContactsAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var book = await contacts.ReadAsync(Identity(export), cancellationToken);
        return new ExportPage(
            [.. book.Contacts.Union(book.Blocked, StringComparer.Ordinal).Select(id => Line(
                new ExportedContact(id, book.Contacts.Contains(id, StringComparer.Ordinal), book.Blocked.Contains(id)),
                ExportJson.Wire.ExportedContact))],
            null);
    }

    private async Task<ExportPage> SessionsAsync(Export export, string after, CancellationToken cancellationToken) => new(
        [.. (await sessions.ListAsync(Identity(export), cancellationToken)).Select(session => Line(
            new ExportedSession(session.CreatedAt, session.ExpiresAt, session.Device), ExportJson.Wire.ExportedSession))],
        null);

    private async Task<ExportPage> OwnConversationsAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var all = await OwnAsync(export, cancellationToken);
        var page = all.Where(recent => string.CompareOrdinal(recent.ConversationId, after) > 0).Take(Page).ToList();
        var found = await ManyRequests.EachAsync(
            page, recent => OwnConversationAsync(export, recent, cancellationToken), cancellationToken);
        return new ExportPage(
            [.. found.OfType<ExportedConversation>().Select(conversation => Line(conversation, ExportJson.Wire.ExportedConversation))],
            page.Count < Page ? null : page[^1].ConversationId);
    }

    /// <summary>With what the user has set for themselves in it.</summary>
    private async Task<ExportedConversation?> OwnConversationAsync(Export export, Recent recent, CancellationToken cancellationToken)
    {
        var key = new ConversationKey(export.ProjectId, recent.ConversationId);
        if (await conversations.ReadMarksAsync(key, cancellationToken) is not { Head: var head } view)
        {
            return null;
        }

        var mark = recent.Group
            ? (await members.FindMemberAsync(key, export.Subject, cancellationToken))?.Mark ?? Mark.None
            : view.MarkOf(export.Uid);
        return Of(key.Id, head) with { Settings = ConversationSettings.Shown(key.Id, mark.State, 0, withHidden: true) };
    }

    private async Task<ExportPage> OwnMessagesAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var split = after.Split(' ');
        var (id, sequence) = after.Length == 0 ? ("", 0L) : (split[0], long.Parse(split[1], CultureInfo.InvariantCulture));
        var all = await OwnAsync(export, cancellationToken);
        if (all.Find(recent => string.CompareOrdinal(recent.ConversationId, id) >= 0) is not { } recent)
        {
            return new ExportPage([], null);
        }

        sequence = recent.ConversationId == id ? sequence : 0;
        var key = new ConversationKey(export.ProjectId, recent.ConversationId);
        var (first, last, state) = await WindowAsync(export, key, recent.Group, cancellationToken);
        first = Math.Max(first, sequence + 1);
        var messages = await conversations.ReadRangeAsync(key, first, Math.Min(last, first + Page - 1), cancellationToken);
        messages.Reverse();
        var end = Math.Min(last, first + Page - 1);
        var next = end < last
            ? $"{key.Id} {end}"
            : all.Find(other => string.CompareOrdinal(other.ConversationId, key.Id) > 0) is { } following
                ? $"{following.ConversationId} 0"
                : null;
        return new ExportPage(
            [.. messages.Where(message => state.Sees(message.Sequence))
                .Select(message => Line(MessageEvent.Of(key.Id, message), ExportJson.Wire.MessageEvent))],
            next);
    }

    private async Task<ExportPage> ScheduledAsync(Export export, string after, CancellationToken cancellationToken) => new(
        [.. (await scheduled.ListAsync(export.ProjectId, export.Uid, cancellationToken)).Select(message => Line(
            ScheduledView.Of(message), ExportJson.Wire.ScheduledView))],
        null);

    private async Task<ExportPage> DevicesAsync(Export export, string after, CancellationToken cancellationToken) => new(
        [.. (await devices.ListAsync(new(export.ProjectId, export.Subject, export.Uid), cancellationToken)).Select(device => Line(
            ExportedDevice.Of(device), ExportJson.Wire.ExportedDevice))],
        null);

    /// <summary>The reactions that the user gave, by conversation. The cursor is the conversation and the row in it.</summary>
    private async Task<ExportPage> ReactionsAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var (id, row) = after.Split(' ', 2) is [var left, var right] ? (left, right) : ("", "");
        var lines = new List<byte[]>();
        var all = (await OwnAsync(export, cancellationToken)).FindAll(
            recent => string.CompareOrdinal(recent.ConversationId, id) >= (row.Length > 0 ? 0 : 1));
        foreach (var recent in all.Take(MaxLookedThrough))
        {
            var own = await changes.ReadReactionsOfAsync(
                new(export.ProjectId, recent.ConversationId), export.Uid, recent.ConversationId == id ? row : "", Page, cancellationToken);
            lines.AddRange(own.Select(reaction => Line(
                new ExportedReaction(
                    recent.ConversationId, reaction.Sequence, reaction.Emoji, DateTimeOffset.FromUnixTimeMilliseconds(reaction.At)),
                ExportJson.Wire.ExportedReaction)));
            if (own.Count == Page)
            {
                return new ExportPage(lines, $"{recent.ConversationId} {own[^1].Row}");
            }
        }

        return new ExportPage(lines, all.Count > MaxLookedThrough ? all[MaxLookedThrough - 1].ConversationId + " " : null);
    }

    private async Task<ExportPage> FlagsAsync(Export export, string after, CancellationToken cancellationToken) => new(
        [.. (await flags.FlagsByAsync(export.ProjectId, export.Uid, cancellationToken)).Select(flag => Line(
            ExportedFlag.Of(flag), ExportJson.Wire.ExportedFlag))],
        null);

    private Task<ExportPage> OwnFilesAsync(Export export, string after, CancellationToken cancellationToken) =>
        FilesAsync(export, after, cancellationToken);

    private async Task<ExportPage> FilesAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var (page, next) = await ReadFilesAsync(export, after, cancellationToken);
        return new ExportPage(
            [.. page.Select(file => Line(
                new ExportedFile(
                    PathOf(file), file.Key, file.OwnerLoginId, file.Content!.ContentType, file.Content.Size, file.CreatedAt,
                    file.ConversationId.Length > 0 ? file.ConversationId : null),
                ExportJson.Wire.ExportedFile))],
            next);
    }

    private async Task<ExportPage> ProjectAsync(Export export, string after, CancellationToken cancellationToken) =>
        await projects.FindAsync(export.ProjectId, cancellationToken) is { } project
            ? new ExportPage(
                [Line(
                    new ExportedProject(
                        project.Id, project.Name, project.CreatedAt, project.LogEnabled, project.RetentionDays, project.AllowedOrigins),
                    ExportJson.Wire.ExportedProject)],
                null)
            : new ExportPage([], null);

    private async Task<ExportPage> UsersAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var page = new List<User>(Page);
        await foreach (var user in users.ListAsync(export.ProjectId, after.Length > 0 ? after : null, "", Page, cancellationToken))
        {
            page.Add(user);
            if (page.Count == Page)
            {
                break;
            }
        }

        var lines = await ManyRequests.EachAsync(
            page, async user => Line(await OfAsync(user, cancellationToken), ExportJson.Wire.ExportedUser), cancellationToken);
        return new ExportPage(lines, page.Count < Page ? null : page[^1].LoginId);
    }

    private async Task<ExportPage> ConversationsAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var page = await scan.HeadsAsync(export.ProjectId, after, Page, cancellationToken);
        return new ExportPage(
            page.ConvertAll(found => Line(Of(found.Key.Id, found.Item), ExportJson.Wire.ExportedConversation)),
            page.Count < Page ? null : page[^1].Cursor);
    }

    private async Task<ExportPage> MembersAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var page = await scan.MembersAsync(export.ProjectId, after, Page, cancellationToken);
        return new ExportPage(
            page.ConvertAll(found => Line(
                new ExportedMember(
                    found.Key.Id, found.Item.LoginId, found.Item.Role.ToString().ToLowerInvariant(), found.Item.Left,
                    DateTimeOffset.FromUnixTimeMilliseconds(found.Item.JoinedAt)),
                ExportJson.Wire.ExportedMember)),
            page.Count < Page ? null : page[^1].Cursor);
    }

    private async Task<ExportPage> MessagesAsync(Export export, string after, CancellationToken cancellationToken)
    {
        var page = await scan.MessagesAsync(export.ProjectId, after, Page, cancellationToken);
        return new ExportPage(
            page.ConvertAll(found => Line(MessageEvent.Of(found.Key.Id, found.Item), ExportJson.Wire.MessageEvent)),
            page.Count < Page ? null : page[^1].Cursor);
    }

    /// <summary>What the user sees of a conversation, as in their history.</summary>
    private async Task<(long First, long Last, PersonalState State)> WindowAsync(
        Export export, ConversationKey key, bool isGroup, CancellationToken cancellationToken)
    {
        if (!isGroup)
        {
            return await conversations.ReadMarksAsync(key, cancellationToken) is { } view && view.MarkOf(export.Uid).State is var state
                ? (state.ClearedThrough + 1, view.Head.LastSequence, state)
                : (1, 0, PersonalState.None);
        }

        try
        {
            var window = await groups.GetWindowAsync(new Sender(export.Subject, export.Uid), key, cancellationToken, orEnded: true);
            return (window.FirstSeen, window.Last, window.State);
        }
        catch (VoxException e) when (e.Error == Errors.NotAMember || e.Error == Errors.GroupNotFound)
        {
            return (1, 0, PersonalState.None);
        }
    }

    private async Task<List<Recent>> OwnAsync(Export export, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(Identity(export), cancellationToken);
        all.Sort((a, b) => string.CompareOrdinal(a.ConversationId, b.ConversationId));
        return all;
    }

    private async Task<ExportedUser> OfAsync(User user, CancellationToken cancellationToken)
    {
        var (profile, seen) = await people.ReadAsync(user.Identity, cancellationToken);
        return new ExportedUser(
            user.LoginId, user.CreatedAt, user.DisabledAt is not null, profile.DisplayName, profile.Status, profile.Photo,
            seen > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(seen) : null);
    }

    private static ExportedConversation Of(string id, ConversationHead head) => new(
        id, head.Group is not null, head.Group?.Name ?? "", head.Group?.Description ?? "",
        [.. head.Members.Select(member => member.LoginId)], head.LastSequence);

    private static UserIdentity Identity(Export export) => new(export.ProjectId, export.Subject, export.Uid);

    private static byte[] Line<T>(T item, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(item, type);
}
