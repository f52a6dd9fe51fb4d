using System.Globalization;
using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// Every partition and row key of the chat's tables, each beside an example of the result. <c>|</c> separates the parts. No part contains
/// it: project ids are <c>[a-z0-9_]</c>, names go through <see cref="KeyText"/>, and everything else is made here.
/// </summary>
internal static class ChatKeys
{
    /// <summary>Rows of the project-wide log in one partition.</summary>
    public const int LogBlockSize = 1_000;

    /// <summary><c>pid_…|aalice</c>: a login id, and what others keep about it. A project's users are a range of partitions.</summary>
    public static string User(UserKey user) => $"{user.ProjectId}|{KeyText.Encode(user.LoginId)}";

    /// <summary><c>pid_…|aalice|3QmV…</c>: what belongs to one user and to no successor.</summary>
    public static string Own(UserIdentity user) => User(user.Key) + UidPart(user);

    /// <summary>After the partitions of all who have or had the login id.</summary>
    public static string OwnEnd(UserKey user) => User(user) + "}";

    public const string UserRow = "user";

    /// <summary>The login id in <see cref="User"/> and <see cref="Own"/>: <c>pid_…|aalice</c> → <c>alice</c>.</summary>
    public static string LoginIdOf(string userPartition) => OwnerOf(userPartition).LoginId;

    /// <summary>The user in <see cref="Own"/>.</summary>
    public static UserIdentity OwnerOf(string userPartition)
    {
        var parts = userPartition.Split('|');
        return new(parts[0], KeyText.Decode(parts[1]), parts.Length > 2 ? parts[2] : "");
    }

    /// <summary><c>users</c>: one row per user whose deletion is under way, keyed like <see cref="Own"/>.</summary>
    public const string UserDeletions = "users";

    /// <summary><c>pid_…|3QmV…</c> in table <c>scheduled</c>: what the user with this uid has the server send later.</summary>
    public static string Scheduled(string projectId, string uid) => $"{projectId}|{uid}";

    /// <summary><c>due</c> there: scheduled messages by their time.</summary>
    public const string ScheduledDue = "due";

    /// <summary><c>001798761600000|pid_…|3QmV…|dK7cYq…</c> in that partition.</summary>
    public static string ScheduledDueRow(DateTimeOffset due, string projectId, string uid, string id) =>
        $"{DueText(due)}|{projectId}|{uid}|{id}";

    /// <summary><c>pid_…|0</c> in table <c>searchindex</c>: which words of the project's messages stand where.</summary>
    public static string SearchIndex(string projectId) => $"{projectId}|0";

    /// <summary><c>d|dK7cYq…|999999999987</c> there: what the index has of message 12. Newest first.</summary>
    public static string SearchMessage(string conversationId, long sequence) => $"d|{conversationId}|{Keys.Inverted(sequence)}";

    /// <summary>
    /// <c>w|invoices|998201238399999|dK7cYq…|000000000012|3f9a01c4-</c> there: message 12 has the word. Newest first. At the end a digest
    /// of the sender, and <c>f</c> for a file.
    /// </summary>
    /// <param name="word">As in a key, see <c>SearchKeys.Encode</c>.</param>
    public static string SearchPosting(string word, long time, string conversationId, long sequence, uint from, bool hasFile) =>
        $"{SearchWord(word, time)}|{conversationId}|{sequence.ToString("D12", CultureInfo.InvariantCulture)}|"
            + $"{from:x8}{(hasFile ? 'f' : '-')}";

    /// <summary><c>w|invoices|998201238399999|b3QmV…</c> there: a block of messages with the word, under the time of its newest.</summary>
    public static string SearchBlock(string word, long time, string unique) => $"{SearchWord(word, time)}|b{unique}";

    /// <summary><c>w|invoices|998201238399999</c>: what is newer than this time sorts before it.</summary>
    public static string SearchWord(string word, long time) => $"{SearchWord(word)}{SearchTime(time)}";

    /// <summary><c>w|invoices|</c>: how the rows of a word begin.</summary>
    public static string SearchWord(string word) => $"w|{word}|";

    /// <summary><c>w|invo</c>: how the rows of words with this beginning begin.</summary>
    public static string SearchWordsFrom(string beginning) => $"w|{beginning}";

    /// <summary><c>998201238399999</c>: a time in Unix ms, the newest first.</summary>
    public static string SearchTime(long time) => (999_999_999_999_999 - time).ToString("D15", CultureInfo.InvariantCulture);

    /// <summary><c>builds</c> in table <c>searchbuilds</c>: projects whose index is being made, or deleted.</summary>
    public const string SearchBuilds = "builds";

    /// <summary><c>pid_…</c> in that partition.</summary>
    public static string SearchBuild(string projectId) => projectId;

    /// <summary><c>dK7cYq…</c> in the user's partition of table <c>recents</c>: a conversation that the user takes part in.</summary>
    public static string Recent(string conversationId) => conversationId;

    /// <summary><c>3QmV…</c> in the user's partition of table <c>sessions</c>.</summary>
    public static string Session(string sessionId) => sessionId;

    /// <summary><c>c|abob</c> in the user's partition of table <c>contacts</c>: bob is in the user's list.</summary>
    public static string Contact(string loginId) => "c|" + KeyText.Encode(loginId);

    /// <summary>
    /// <c>w|abob|3QmV…</c> in the login id's partition there: it is in bob's list, so bob is told of changes. Bob's own uid, because a
    /// successor of bob has not asked for it.
    /// </summary>
    public static string Watcher(UserIdentity watcher) => WatchersFrom + KeyText.Encode(watcher.LoginId) + UidPart(watcher);

    /// <summary>Who watches, in <see cref="Watcher"/>.</summary>
    public static UserIdentity WatcherOf(string projectId, string watcherRow)
    {
        var parts = watcherRow.Split('|');
        return new(projectId, KeyText.Decode(parts[1]), parts.Length > 2 ? parts[2] : "");
    }

    /// <summary>Before the first <see cref="Watcher"/>.</summary>
    public const string WatchersFrom = "w|";

    /// <summary>After the last <see cref="Watcher"/>.</summary>
    public const string WatchersTo = "w}";

    /// <summary><c>b|abob</c>: the user has blocked bob.</summary>
    public static string Block(string loginId) => "b|" + KeyText.Encode(loginId);

    /// <summary><c>x|abob|3QmV…</c> in the login id's partition: bob has blocked it, the other way round.</summary>
    public static string Blocker(UserIdentity blocker) => BlockersFrom + KeyText.Encode(blocker.LoginId) + UidPart(blocker);

    /// <summary>Before the first <see cref="Blocker"/>.</summary>
    public const string BlockersFrom = "x|";

    /// <summary>After the last <see cref="Blocker"/>.</summary>
    public const string BlockersTo = "x}";

    /// <summary>In the user's partition of table <c>people</c>.</summary>
    public const string ProfileRow = "profile";

    /// <summary>In the user's partition of table <c>people</c>: when the user was last online.</summary>
    public const string SeenRow = "seen";

    /// <summary>In the user's partition of table <c>presence</c>, while the user is online.</summary>
    public const string OnlineRow = "online";

    /// <summary><c>l|zXJ…</c> in the same partition: a connection, and until when it counts.</summary>
    public static string Lease(string connectionId) => "l|" + KeyText.Encode(connectionId);

    public const int LeaseShards = 16;

    /// <summary><c>due|b</c> in the same table: connections by the time when they run out. One of 16, by the digest of the lease.</summary>
    public static string LeasesDue(string leaseDigest) => LeasesDue(leaseDigest[0] % LeaseShards);

    /// <param name="shard">From 0.</param>
    public static string LeasesDue(int shard) => $"due|{shard:x}";

    /// <summary><c>001798761600000|dK7cYq…</c> there: a connection, from this Unix time in ms on.</summary>
    public static string LeaseDue(long until, string leaseDigest) =>
        $"{until.ToString("D15", CultureInfo.InvariantCulture)}|{leaseDigest}";

    /// <summary><c>search</c>, alone in its partition: when all connections were looked through.</summary>
    public const string LeaseSearch = "search";

    /// <summary>The connection in <see cref="Lease"/>.</summary>
    public static string ConnectionOf(string leaseRow) => KeyText.Decode(leaseRow[2..]);

    /// <summary><c>pid_…|keys</c> in table <c>apikeys</c>: the API keys of a project.</summary>
    public static string ApiKeys(string projectId) => $"{projectId}|keys";

    /// <summary><c>k7RkQm21Xz</c> there: one key, by its id.</summary>
    public static string ApiKey(string keyId) => keyId;

    /// <summary><c>pid_…|issuers</c> in table <c>issuers</c>: whose tokens log users of a project in.</summary>
    public static string Issuers(string projectId) => $"{projectId}|issuers";

    /// <summary><c>dK7cYq…</c> there: one of them, by the digest of its name.</summary>
    public static string Issuer(string issuer) => KeyText.Digest(issuer);

    /// <summary><c>pid_…|users</c> in table <c>moderation</c>: who is banned from a project or muted in it.</summary>
    public static string Moderation(string projectId) => $"{projectId}|users";

    /// <summary><c>ban|aalice</c> there; <c>mute|aalice</c> for somebody who is muted.</summary>
    public static string ModerationRow(string kind, string loginId) => $"{kind}|{KeyText.Encode(loginId)}";

    /// <summary>All of a kind: from <c>ban|</c> to before <c>ban}</c>.</summary>
    public static (string From, string To) ModerationRows(string kind) => (kind + "|", kind + "}");

    /// <summary><c>pid_…|words</c> in table <c>moderation</c>: the word lists of a project.</summary>
    public static string Words(string projectId) => $"{projectId}|words";

    /// <summary>In that partition: which version of the lists counts.</summary>
    public const string WordsHead = "h";

    /// <summary><c>w|3QmV…|0000</c> there: a piece of a version.</summary>
    public static string WordPiece(string version, int piece) =>
        WordPieces(version).From + piece.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>All pieces of a version.</summary>
    public static (string From, string To) WordPieces(string version) => ($"w|{version}|", $"w|{version}}}");

    /// <summary><c>pid_…|flags</c> in table <c>moderation</c>: what users have flagged.</summary>
    public static string Flags(string projectId) => $"{projectId}|flags";

    /// <summary><c>dK7cYq…</c>: a message that was flagged, in keys and as its id.</summary>
    public static string FlaggedMessage(string conversationId, long sequence) =>
        KeyText.Digest("message", conversationId, sequence.ToString(CultureInfo.InvariantCulture));

    /// <summary><c>dK7cYq…</c>: a user who was flagged, in keys and as their id in the queue.</summary>
    public static string FlaggedUser(string uid) => KeyText.Digest("user", uid);

    /// <summary><c>c|dK7cYq…</c> there: a message or user that was flagged, and what was decided.</summary>
    public static string Flagged(string id) => "c|" + id;

    /// <summary>All of these: from <c>c|</c> to before <c>c}</c>.</summary>
    public static (string From, string To) AllFlagged => ("c|", "c}");

    /// <summary><c>o|998201238400000|dK7cYq…</c> there: the same by time, newest first; <c>d|…</c> when it is decided.</summary>
    public static string FlagQueue(bool open, DateTimeOffset at, string id) => $"{FlagQueueAt(open, at)}|{id}";

    /// <summary>After all that came later than this time.</summary>
    public static string FlagQueueAt(bool open, DateTimeOffset at) => FlagQueueRange(open).From
        + ((Keys.MaxSequence * 1_000) - at.ToUnixTimeMilliseconds()).ToString("D15", CultureInfo.InvariantCulture);

    /// <summary>All of these: from <c>o|</c> to before <c>o}</c>.</summary>
    public static (string From, string To) FlagQueueRange(bool open) => open ? ("o|", "o}") : ("d|", "d}");

    /// <summary><c>f|3QmV…|dK7cYq…</c> there: that a user has flagged something.</summary>
    public static string FlagBy(string uid, string id) => $"{FlagsBy(uid).From}{id}";

    /// <summary>All flags by a user.</summary>
    public static (string From, string To) FlagsBy(string uid) => ($"f|{uid}|", $"f|{uid}}}");

    /// <summary><c>r|dK7cYq…|998201238400000|3QmV…</c> there: the same by what was flagged, newest first.</summary>
    public static string FlagOf(string id, DateTimeOffset at, string uid) => FlagsOf(id).From
        + ((Keys.MaxSequence * 1_000) - at.ToUnixTimeMilliseconds()).ToString("D15", CultureInfo.InvariantCulture) + "|" + uid;

    /// <summary>All flags of something.</summary>
    public static (string From, string To) FlagsOf(string id) => ($"r|{id}|", $"r|{id}}}");

    /// <summary>All flags of everything.</summary>
    public static (string From, string To) AllFlags => ("r|", "r}");

    /// <summary><c>u|3QmV…</c> there: how often a user has flagged on their last day.</summary>
    public static string FlagCount(string uid) => "u|" + uid;

    /// <summary>
    /// <c>pid_…|t|d</c> in table <c>devices</c>: whose each device is, in one of 64 partitions by its id. The devices are in the users' own
    /// partitions.
    /// </summary>
    public static string DeviceOwners(string projectId, string deviceId) => $"{projectId}|t|{deviceId[..1]}";

    /// <summary>All of a project's: from <c>pid_…|t|</c> to before <c>pid_…|t}</c>.</summary>
    public static (string From, string To) AllDeviceOwners(string projectId) => ($"{projectId}|t|", $"{projectId}|t}}");

    /// <summary><c>pid_…|k</c> there: keys of the project that are made here.</summary>
    public static string PushKeys(string projectId) => $"{projectId}|k";

    /// <summary>In that partition: the keys for browsers.</summary>
    public const string VapidRow = "vapid";

    /// <summary><c>n|2026-12-01|3f0c…</c> in that partition: what a process has sent on a day.</summary>
    public static string PushCounts(DateOnly day, string process) => $"{PushCountsFrom}{day:yyyy-MM-dd}|{process}";

    /// <summary>Before the first <see cref="PushCounts"/>.</summary>
    public const string PushCountsFrom = "n|";

    /// <summary>After the last <see cref="PushCounts"/>.</summary>
    public const string PushCountsTo = "n}";

    /// <summary><c>pid_…|webhooks</c> in table <c>webhooks</c>: where events of a project are sent to.</summary>
    public static string Webhooks(string projectId) => $"{projectId}|webhooks";

    /// <summary><c>e|k7RkQm21Xz4b</c> there: one endpoint, by its id.</summary>
    public static string Webhook(string id) => WebhooksFrom + id;

    /// <summary>Before the first <see cref="Webhook"/>.</summary>
    public const string WebhooksFrom = "e|";

    /// <summary>After the last <see cref="Webhook"/>.</summary>
    public const string WebhooksTo = "e}";

    /// <summary><c>hook</c> there: the address that is asked before a message is stored.</summary>
    public const string BeforeSend = "hook";

    /// <summary><c>n|2026-11-30|3f0c…</c> there: what a process has counted of it on a day.</summary>
    public static string BeforeSendCounts(DateOnly day, string process) => $"{BeforeSendCountsFrom}{day:yyyy-MM-dd}|{process}";

    /// <summary>Before the first <see cref="BeforeSendCounts"/>.</summary>
    public const string BeforeSendCountsFrom = "n|";

    /// <summary>After the last <see cref="BeforeSendCounts"/>.</summary>
    public const string BeforeSendCountsTo = "n}";

    /// <summary><c>2026-11-23|pid_…</c> in table <c>webhookevents</c>: what was sent of a project's events of a day.</summary>
    public static string WebhookDay(DateOnly day, string projectId) => $"{WebhookDays(day)}|{projectId}";

    /// <summary>Before these partitions and after all earlier ones.</summary>
    public static string WebhookDays(DateOnly day) => $"{day:yyyy-MM-dd}";

    /// <summary><c>8201238399999-evt_dK7cYq…-k7RkQm21Xz4b</c> there: an event at an endpoint, newest first. It is also its id.</summary>
    public static string WebhookDelivery(long at, string eventId, string endpointId) =>
        $"{(MaxTime - at).ToString("D13", CultureInfo.InvariantCulture)}-{eventId}-{endpointId}";

    /// <summary>When the event happened, Unix ms. Null for what cannot be such a key.</summary>
    public static long? TimeOfWebhookDelivery(string key) =>
        key.Length > 14 && key[13] == '-'
        && long.TryParse(key.AsSpan(0, 13), NumberStyles.None, CultureInfo.InvariantCulture, out var inverted)
            ? MaxTime - inverted
            : null;

    /// <summary><c>2026-11-23|pid_…</c> in table <c>apirequests</c>: requests to the API in a project on a day.</summary>
    public static string RequestDay(DateOnly day, string projectId) => WebhookDay(day, projectId);

    /// <summary><c>8201238399999-k7Rk2m</c> there: a request, newest first. It is also its id.</summary>
    public static string Request(long at, string random) =>
        $"{(MaxTime - at).ToString("D13", CultureInfo.InvariantCulture)}-{random}";

    private const long MaxTime = 9_999_999_999_999;

    /// <summary>
    /// <c>pid_…|2026-11-23|d</c> in table <c>idempotency</c>: the requests of a day, in one of 64 partitions by the digest of their key.
    /// </summary>
    public static string IdempotencyDay(string projectId, DateOnly day, string keyDigest) =>
        $"{projectId}|{day:yyyy-MM-dd}|{keyDigest[..1]}";

    /// <summary>All of them: from <c>pid_…|2026-11-23|</c> to before <c>pid_…|2026-11-23}</c>.</summary>
    public static (string From, string To) IdempotencyDayRange(string projectId, DateOnly day) =>
        ($"{projectId}|{day:yyyy-MM-dd}|", $"{projectId}|{day:yyyy-MM-dd}}}");

    /// <summary><c>dK7cYq…</c> there: a request, by the digest of its key.</summary>
    public static string IdempotencyRow(string keyDigest) => keyDigest;

    /// <summary><c>2026-11-23</c> in table <c>idempotencydays</c>: a row for each project that has such requests of that day.</summary>
    public static string IdempotencyMarks(DateOnly day) => $"{day:yyyy-MM-dd}";

    /// <summary>In the user's own partition of table <c>people</c>: what the customer's server keeps with the user.</summary>
    public const string CustomRow = "custom";

    /// <summary>
    /// Users with plain ASCII login ids that begin with a prefix: from <c>pid_…|aal</c> to before <c>pid_…|aalÿ</c>. Empty for a prefix
    /// that is not plain.
    /// </summary>
    public static (string From, string To) PlainUsers(string projectId, string prefix) => KeyText.Encode(prefix)[0] == 'a'
        ? ($"{projectId}|a{prefix}", $"{projectId}|a{prefix}ÿ")
        : ($"{projectId}|b", $"{projectId}|b");

    /// <summary>
    /// The others, as far as base64url shows how they begin: from <c>pid_…|bYW</c> to before <c>pid_…|bYWÿ</c>. They follow those with
    /// plain login ids.
    /// </summary>
    public static (string From, string To) EncodedUsers(string projectId, string prefix) =>
        ($"{projectId}|{KeyText.EncodedPrefix(prefix)}", $"{projectId}|{KeyText.EncodedPrefix(prefix)}ÿ");

    /// <summary><c>pid_…|dK7cYq…</c>: a conversation, see <see cref="ConversationKey"/>.</summary>
    public static string Conversation(string projectId, string conversationId) => $"{projectId}|{conversationId}";

    /// <summary>Sorts before the messages: one query gives the head and the newest messages.</summary>
    public const string HeadRow = "h";

    /// <summary>
    /// <c>k|3QmV…</c>: the marks of the member with this uid. They lie between the head and the messages, to be read with both.
    /// </summary>
    public static string Mark(string uid) => "k|" + uid;

    /// <summary>After the last mark and before the first message.</summary>
    public const string MarksEnd = "l";

    /// <summary><c>m|999999999998</c> for sequence 1: newest first.</summary>
    public static string Message(long sequence) => "m|" + Keys.Inverted(sequence);

    /// <summary>After the last message.</summary>
    public const string MessagesEnd = "m}";

    /// <summary><c>n|999999999998</c> for change 1: newest first. It lies after the messages, so that no page reads it.</summary>
    public static string Change(long number) => ChangesFrom + Keys.Inverted(number);

    /// <summary>Before the newest <see cref="Change"/>.</summary>
    public const string ChangesFrom = "n|";

    /// <summary>After the oldest <see cref="Change"/>.</summary>
    public const string ChangesTo = "n}";

    /// <summary>
    /// <c>r|3QmV…|999999999998|b8J-RjQ</c>: the user's reaction to message 1. A user's reactions to a page of messages are one range.
    /// </summary>
    public static string Reaction(string uid, long sequence, string emoji) =>
        $"{ReactionsOf(uid)}{Keys.Inverted(sequence)}|{KeyText.Encode(emoji)}";

    /// <summary><c>r|3QmV…|</c>: before all reactions of a user.</summary>
    public static string ReactionsOf(string uid) => $"r|{uid}|";

    /// <summary><c>s|999999999998|b8J-RjQ|001798761600000|3QmV…</c>: the same reaction, by the message and the time.</summary>
    public static string Reactor(long sequence, string emoji, long at, string uid) =>
        $"{Reactors(sequence, emoji)}{at.ToString("D15", CultureInfo.InvariantCulture)}|{uid}";

    /// <summary><c>s|999999999998|b8J-RjQ|</c>: before all who reacted to a message with this emoji.</summary>
    public static string Reactors(long sequence, string emoji) => $"{Reactors(sequence)}{KeyText.Encode(emoji)}|";

    /// <summary><c>s|999999999998|</c>: before all who reacted to a message.</summary>
    public static string Reactors(long sequence) => $"s|{Keys.Inverted(sequence)}|";

    /// <summary><c>v|999999999998</c>: the texts that message 1 had before.</summary>
    public static string Versions(long sequence) => "v|" + Keys.Inverted(sequence);

    /// <summary><c>t|999999999998|999999999996</c>: message 3 is in the thread of message 1; newest first.</summary>
    public static string ThreadReply(long thread, long sequence) => ThreadReplies(thread) + Keys.Inverted(sequence);

    /// <summary><c>t|999999999998|</c>: before all in the thread of message 1.</summary>
    public static string ThreadReplies(long thread) => $"t|{Keys.Inverted(thread)}|";

    /// <summary><c>y|Wm1…</c>: the result of (user, client change id), kept forever.</summary>
    public static string ChangeResult(string uid, string changeId) => "y|" + KeyText.Digest(uid, changeId);

    /// <summary><c>u|abob</c>: a present or former member of a group. It lies after the messages, so that no page reads it.</summary>
    public static string GroupMember(string loginId) => GroupMembersFrom + KeyText.Encode(loginId);

    /// <summary>Before the first <see cref="GroupMember"/>.</summary>
    public const string GroupMembersFrom = "u|";

    /// <summary>After the last <see cref="GroupMember"/>.</summary>
    public const string GroupMembersTo = "u}";

    /// <summary>Partitions of one broadcast group's members. Changing it would hide members: it is for ever.</summary>
    public const int AudienceShards = 16;

    /// <summary>
    /// <c>pid_…|gBroadcast…|b</c> in table <c>audience</c>: members of a broadcast group, by the digest of their login id.
    /// </summary>
    public static string Audience(ConversationKey group, string loginId) =>
        Audience(group, AudienceShard(loginId));

    /// <param name="shard">From 0.</param>
    public static string Audience(ConversationKey group, int shard) => $"{group.Partition}|{shard:x}";

    /// <summary>After the last of a broadcast group's partitions.</summary>
    public static string AudienceEnd(ConversationKey group) => group.Partition + "}";

    public static int AudienceShard(string loginId) => KeyText.Digest(loginId)[0] % AudienceShards;

    /// <summary><c>c</c> there, before the members: how many of them there are.</summary>
    public const string AudienceCount = "c";

    /// <summary>In the group's partition of table <c>groupwork</c>: all its members.</summary>
    public const string GroupWorkOfAll = "!";

    /// <summary><c>aalice|3QmV…</c> there: one member.</summary>
    public static string GroupWork(UserIdentity member) => KeyText.Encode(member.LoginId) + UidPart(member);

    /// <summary><c>r|5f0a…</c> in the user's partition there: a connection of theirs that is being joined to their groups.</summary>
    public static string Rejoin(string id) => "r|" + id;

    /// <summary><c>x|Wm1…</c>: the first result of (sender, client message id), kept forever.</summary>
    public static string Idempotency(string senderUid, string messageId) => "x|" + KeyText.Digest(senderUid, messageId);

    /// <summary><c>pid_…|999999997</c> for sequences 2,000–2,999 of the project's log: newest block first.</summary>
    public static string LogBlock(string projectId, long block) =>
        $"{projectId}|{(999_999_999 - block).ToString("D9", CultureInfo.InvariantCulture)}";

    /// <summary><c>999999999998</c> for sequence 1: newest first.</summary>
    public static string LogRow(long sequence) => Keys.Inverted(sequence);

    /// <summary><c>pid_…!t</c>: when each block of the log began.</summary>
    public static string LogTimes(string projectId) => $"{projectId}!t";

    /// <summary><c>b|000000002</c>: the only time at which the block began.</summary>
    public static string LogBlockTime(long block) => "b|" + block.ToString("D9", CultureInfo.InvariantCulture);

    /// <summary><c>t|001798761600000|000000002</c>: the block began at this Unix time in ms. Oldest first.</summary>
    public static string LogTime(long time, long block) =>
        $"t|{time.ToString("D15", CultureInfo.InvariantCulture)}|{block.ToString("D9", CultureInfo.InvariantCulture)}";

    /// <summary>After the last <see cref="LogTime"/>.</summary>
    public const string LogTimesEnd = "t}";

    /// <summary><c>writers</c>: one row per running process that has messages to log.</summary>
    public const string LogWriters = "writers";

    /// <summary><c>w|2Vd…</c>: the conversations that this process has written to.</summary>
    public static string LogWriter(string writerId) => "w|" + writerId;

    /// <summary><c>pid_…|dK7cYq…</c></summary>
    public static string LogMark(string projectId, string conversationId) => $"{projectId}|{conversationId}";

    /// <summary><c>moves</c>: one row per project that moves from one SignalR service to another.</summary>
    public const string Moves = "moves";

    /// <summary><c>pid_…</c> there.</summary>
    public static string Move(string projectId) => projectId;

    /// <summary><c>projects</c>: one row per project whose deletion is under way.</summary>
    public const string ProjectDeletions = "projects";

    /// <summary>
    /// <c>pid_…|2026-11-23</c> in table <c>usage</c>: rows <c>c|process</c> with counters, <c>u|digest</c> per active user.
    /// </summary>
    public static string Usage(string projectId, DateOnly day) => $"{projectId}|{day:yyyy-MM-dd}";

    /// <summary>
    /// <c>pid_…|days</c> there: what the project has at the end of each day on which something has changed, in rows of
    /// <see cref="MeterDay"/>.
    /// </summary>
    public static string UsageDays(string projectId) => $"{projectId}|days";

    /// <summary>
    /// <c>pid_…|users</c> there: the number of the project's users (<see cref="MeterTotal"/>), and who is counted in it
    /// (<see cref="MeterUser"/>).
    /// </summary>
    public static string UsageUsers(string projectId) => $"{projectId}|users";

    /// <summary><c>c|3QmV…</c> there: a user who may have come or gone.</summary>
    public static string UserChange(string uid) => "c|" + uid;

    /// <summary>After the last <see cref="UserChange"/>.</summary>
    public const string UserChangesEnd = "c}";

    /// <summary><c>fold</c> there: whose usage has changed, by the time when it is to be added up.</summary>
    public const string UsageMarks = "fold";

    /// <summary><c>001798761600000|pid_…|Users|739899</c> there.</summary>
    public static string UsageMark(DateTimeOffset until, string projectId, string part, DateOnly day) =>
        $"{DueText(until)}|{projectId}|{part}|{day.DayNumber.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>
    /// <c>dK7cYq…</c>: a project's file, in table keys and as its upload id. 160 bits made from the file's key, not the key's text.
    /// </summary>
    public static string FileId(string projectId, string key) => KeyText.Digest(projectId, key);

    /// <summary><c>pid_…|dK7cYq…</c> in table <c>files</c>: the file in <see cref="FileRow"/>, and where it was forwarded to.</summary>
    public static string File(string projectId, string fileId) => $"{projectId}|{fileId}";

    public const string FileRow = "file";

    /// <summary><c>s|dM-L-D…</c> there: a conversation that the file was forwarded to.</summary>
    public static string FileForward(string conversationId) => "s|" + conversationId;

    /// <summary>After the last <see cref="FileForward"/>.</summary>
    public const string FileForwardsEnd = "s}";

    /// <summary><c>pid_…|3QmV…</c> in table <c>userfiles</c>: what the user with this uid has uploaded.</summary>
    public static string FileOwner(string projectId, string uid) => $"{projectId}|{uid}";

    /// <summary><c>f|dK7cYq…</c> there: a file, from its first byte until it is removed.</summary>
    public static string OwnedFile(string fileId) => "f|" + fileId;

    /// <summary><c>p|dK7cYq…</c> there: an upload from before open uploads were noted in the meter.</summary>
    public static string OldPendingFile(string fileId) => "p|" + fileId;

    /// <summary><c>d</c> in table <c>uploads</c>: one of 64 partitions, by the id's first character.</summary>
    public static string UploadDue(string fileId) => fileId[..1];

    /// <summary><c>001798761600000|pid_…|dK7cYq…</c> there: the sweep looks after this upload from this Unix time in ms on.</summary>
    public static string UploadDueRow(DateTimeOffset due, string projectId, string fileId) => $"{DueText(due)}|{projectId}|{fileId}";

    /// <summary>The rows before it are due.</summary>
    public static string DueText(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);

    /// <summary>A project's shards in table <c>filemeter</c>. Changing it would move the figures of users: it is for ever.</summary>
    public const int MeterShards = 8;

    /// <summary><c>pid_…|3</c> in table <c>filemeter</c>: the figures of some of a project's users, by their uid.</summary>
    public static string MeterShard(string projectId, string uid) => MeterShard(projectId, uid.Sum(c => c) % MeterShards);

    /// <param name="shard">From 0.</param>
    public static string MeterShard(string projectId, int shard) => $"{projectId}|{shard}";

    /// <summary><c>t</c> in the project's own partition of table <c>filemeter</c>: its bytes at the last fold.</summary>
    public const string MeterFolded = "t";

    /// <summary><c>s|79738993</c> there: its bytes at the end of a day, newest day first.</summary>
    public static string MeterFoldedDay(DateOnly day) => "s" + MeterDay(day)[1..];

    /// <summary>After the last of these days.</summary>
    public const string MeterFoldedDaysEnd = "s}";

    /// <summary><c>total</c> in a shard.</summary>
    public const string MeterTotal = "total";

    /// <summary><c>u|3QmV…</c> there: bytes of one user.</summary>
    public static string MeterUser(string uid) => "u|" + uid;

    /// <summary>After the last of a shard's users. The total stands before them.</summary>
    public const string MeterUsersEnd = "u}";

    /// <summary><c>u|3QmV…|dK7cYq…</c> there: an upload of this user that is not completed, after the user's own row.</summary>
    public static string MeterUpload(string uid, string fileId) => $"u|{uid}|{fileId}";

    /// <summary><c>f|dK7cYq…</c> there: a file that has been counted.</summary>
    public static string MeterFile(string fileId) => "f|" + fileId;

    /// <summary><c>d|79738993</c> for 2026-10-06: newest day first.</summary>
    public static string MeterDay(DateOnly day) =>
        "d|" + (99_999_999 - (day.Year * 10_000) - (day.Month * 100) - day.Day).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>After the last day.</summary>
    public const string MeterDaysEnd = "d}";

    /// <summary>
    /// In the project's partition of table <c>media</c>: the secret that signs its media addresses. Row <c>media</c> there is from before:
    /// its token stood in addresses, so it is no secret.
    /// </summary>
    public const string MediaSecretRow = "secret";

    public const string FormerMediaRow = "media";

    /// <summary><c>pid_…/3QmV…/dK7cYq…</c>: where a file's bytes are, in both containers.</summary>
    public static string FileBlob(string projectId, string uid, string fileId) => $"{projectId}/{uid}/{fileId}";

    /// <summary><c>pid_…|holds</c> in table <c>holds</c>: the legal holds of a project.</summary>
    public static string Holds(string projectId) => $"{projectId}|holds";

    /// <summary><c>pid_…</c> in table <c>erasures</c>: what was erased in a project, and what is being erased.</summary>
    public static string Erasures(string projectId) => projectId;

    /// <summary><c>999998201238400-3QmV…</c> there: newest first. It is also the id of the erasure.</summary>
    public static string Erasure(DateTimeOffset at, string unique) =>
        $"{(Keys.MaxSequence * 1_000 - at.ToUnixTimeMilliseconds()).ToString("D15", CultureInfo.InvariantCulture)}-{unique}";

    /// <summary><c>pid_…</c> in table <c>exports</c>: archives of a project and its users.</summary>
    public static string Exports(string projectId) => projectId;

    /// <summary><c>due</c> there: exports that have something left to do, by time, with keys like <see cref="ErasureDue"/>.</summary>
    public const string ExportsDue = "due";

    /// <summary><c>due</c> in table <c>erasures</c>: erasures that have something left to do, by time.</summary>
    public const string ErasuresDue = "due";

    /// <summary><c>001798761600000|pid_…|999998…</c> in that partition.</summary>
    public static string ErasureDue(DateTimeOffset due, string projectId, string id) => $"{DueText(due)}|{projectId}|{id}";

    private static string UidPart(UserIdentity user) => user.IsFormer ? "" : "|" + user.Uid;
}
