using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Model;

/// <summary>Runs one history against the app and the model at the same time, and compares every answer.</summary>
internal sealed class HistoryRun(TestProject project, VoxApp second)
{
    private static readonly string[] LoginIds = ["ann", "ben", "cid", "dot"];

    private readonly ChatModel model = new();
    private readonly Dictionary<Person, List<TestSession>> sessions = [];
    private readonly List<string> done = [];
    private int texts;

    public async Task RunAsync(IEnumerable<int> steps)
    {
        foreach (var loginId in LoginIds)
        {
            await CreateAsync(loginId);
        }

        foreach (var step in steps)
        {
            var choice = new Choice(step);
            var (what, expected, got) = await StepAsync(choice);
            done.Add($"{what} -> {got}");
            Assert.True(expected == got, $"{string.Join('\n', done)}\nexpected {expected}");
        }

        await CompareAllAsync();
    }

    private async Task<(string What, string Expected, string Got)> StepAsync(Choice choice)
    {
        var kind = choice.Next(32);
        var loginId = LoginIds[choice.Next(LoginIds.Length)];
        var other = LoginIds[choice.Next(LoginIds.Length)];
        if (kind == 0)
        {
            var expected = model.Find(loginId) is null ? "ok" : "user_exists";
            return ($"create {loginId}", expected, await CreateAsync(loginId));
        }

        if (kind == 1 && choice.Next(2) == 0)
        {
            using var response = await project.DeleteUserAsync(loginId);
            return ($"delete {loginId}", model.Delete(loginId), response.IsSuccessStatusCode ? "ok" : "user_not_found");
        }

        if (model.Find(loginId) is not { } person)
        {
            return ($"nobody is {loginId}", "", "");
        }

        var at = choice.Next(person.Sessions.Count);
        var session = sessions[person][at];
        if (kind == 2)
        {
            return await LogInOrOutAsync(person, at, choice);
        }

        if (!person.Sessions[at])
        {
            return ($"{loginId} calls after the log-out", "invalid_token", await CodeAsync(session.GetConversationsAsync()));
        }

        var id = $"m{choice.Next(6)}";
        var text = $"text {++texts}";
        var group = model.Rooms.FindAll(room => room.IsGroup) is { Count: > 0 } groups ? groups[choice.Next(groups.Count)] : null;
        if (kind <= 7)
        {
            var (expected, room) = model.Send(person, other, id, text);
            var (got, conversation) = await SendAsync(session, other, id, text);
            room?.Id ??= conversation;
            return ($"{loginId} sends {id} to {other}", expected, got);
        }

        if (kind == 8)
        {
            var blocked = choice.Next(3) > 0;
            var got = blocked
                ? CodeAsync(session.PostAsync("/api/v1/blocks", new { id = other }))
                : CodeAsync(Delete(session, $"/api/v1/blocks?id={other}"));
            return ($"{loginId} {(blocked ? "blocks" : "unblocks")} {other}", model.Block(person, other, blocked), await got);
        }

        var known = model.Rooms.FindAll(room => room.Id is not null);
        if (kind <= 10 && known.Count > 0)
        {
            var room = known[choice.Next(known.Count)];
            return kind == 9
                ? await AcknowledgeAsync(person, session, room, choice.Next(room.Messages.Count + 3), choice.Next(room.Messages.Count + 3))
                : await ReadAsync(person, session, room, choice.Next(room.Messages.Count + 2), 1 + choice.Next(5));
        }

        if (kind >= 28)
        {
            return await ReplyAsync(person, choice.Next(2) == 0 ? session : session with { App = second }, other,
                choice.Next(2) == 0 ? group : null, id, text, 1 + choice.Next(5));
        }

        if (kind >= 20 && known.Count > 0)
        {
            // Each process remembers what it wrote itself.
            var room = known[choice.Next(known.Count)];
            return await HistoryChanges.ChangeAsync(
                person, choice.Next(2) == 0 ? session : session with { App = second }, room, 1 + choice.Next(room.Messages.Count + 1),
                choice.Next(24), text, room.Messages.Count > 0 ? room.Messages[^1].Text : text);
        }

        if (kind == 11)
        {
            var names = known.Where(_ => choice.Next(2) == 0).ToDictionary(room => room.Id!, room => choice.Next(room.Messages.Count + 2));
            return ($"{loginId} syncs {string.Join(' ', names)}", Lines(model.Sync(person, names)), await SyncAsync(session, names));
        }

        if (kind == 12 || group is null)
        {
            var members = LoginIds.Where(_ => choice.Next(2) == 0).ToArray();
            var (expected, room) = model.CreateGroup(person, members);
            var (got, groupId) = await CreateGroupAsync(session, members);
            room?.Id = groupId;
            return ($"{loginId} begins a group with {string.Join(' ', members)}", expected, got);
        }

        var path = $"/api/v1/groups/{group.Id}";
        return kind switch
        {
            13 => (
                $"{loginId} adds {other} to {group.Id}",
                model.Add(person, group, other),
                await CodeAsync(session.PostAsync(path + "/members", new { ids = new[] { other } }))),
            14 => (
                $"{loginId} removes {other} from {group.Id}",
                model.Remove(person, group, other),
                await CodeAsync(Delete(session, $"{path}/members?id={other}"))),
            15 => (
                $"{loginId} promotes {other} in {group.Id}",
                model.Promote(person, group, other),
                await CodeAsync(Put(session, path + "/admins", new { ids = new[] { other } }))),
            16 => (
                $"{loginId} dismisses {other} in {group.Id}",
                model.Dismiss(person, group, other),
                await CodeAsync(Delete(session, $"{path}/admins?id={other}"))),
            17 when choice.Next(3) == 0 => (
                $"{loginId} deletes {group.Id}", model.DeleteGroup(person, group), await CodeAsync(Delete(session, path))),
            17 => ($"{loginId} leaves {group.Id}", model.Leave(person, group), await CodeAsync(session.PostAsync(path + "/leave"))),
            _ => (
                $"{loginId} sends {id} to {group.Id}",
                model.SendToGroup(person, group, id, text),
                (await SendAsync(session, group.Id!, id, text)).Outcome),
        };
    }

    private async Task<(string What, string Expected, string Got)> ReplyAsync(
        Person person, TestSession session, string other, Room? group, string id, string text, int thread)
    {
        var (expected, room) = group is null
            ? model.Send(person, other, id, text, thread)
            : (model.SendToGroup(person, group, id, text, thread), group);
        var (got, conversation) = await HistoryThreads.ReplyAsync(session, group?.Id ?? other, id, text, thread);
        room?.Id ??= conversation;
        return ($"{person.LoginId} replies {id} to {group?.Id ?? other} in the thread of {thread}", expected, got);
    }

    private async Task CompareAllAsync()
    {
        foreach (var person in model.People.Where(person => person.IsThere))
        {
            var session = await new TestUser(project, person.LoginId, "secret").LogInAsync();
            Same($"conversations of {person.LoginId}", Lines(model.List(person)), await ListAsync(session));
            Same($"blocks of {person.LoginId}", Lines(person.Blocked), await BlocksAsync(session));
            foreach (var room in model.Rooms.Where(room => room.Id is not null))
            {
                var (what, expected, got) = await ReadAsync(person, session, room, 0, 1_000);
                Same(what, expected, got);
                Same($"changes of {room.Id}", ChangeModel.Changes(person, room), await HistoryChanges.ChangesAsync(session, room));
                foreach (var thread in room.Threads.Keys)
                {
                    Same(
                        $"thread {thread} of {room.Id} for {person.LoginId}", ThreadModel.Page(person, room, thread),
                        await HistoryThreads.PageAsync(session, room, thread));
                }

                if (room is { IsGroup: true, Closed: false } && room.Places.TryGetValue(person, out var place) && !place.Left)
                {
                    Same(
                        $"members of {room.Id}", ChatModel.Members(room), Members(await session.GetJsonAsync($"/api/v1/groups/{room.Id}")));
                }
            }
        }

        void Same(string what, string expected, string got) => Assert.True(
            expected == got, $"{string.Join('\n', done)}\n{what}\nexpected {expected}\n     got {got}");
    }

    private async Task<string> CreateAsync(string loginId)
    {
        using var response = await project.PostUserAsync(loginId, "secret");
        if (!response.IsSuccessStatusCode)
        {
            return "user_exists";
        }

        var person = model.Create(loginId);
        sessions[person] = [];
        await LogInAsync(person);
        return "ok";
    }

    private async Task LogInAsync(Person person)
    {
        sessions[person].Add(await new TestUser(project, person.LoginId, "secret").LogInAsync());
        person.Sessions.Add(true);
    }

    private async Task<(string What, string Expected, string Got)> LogInOrOutAsync(Person person, int at, Choice choice)
    {
        if (choice.Next(2) == 0 || !person.Sessions[at])
        {
            await LogInAsync(person);
            return ($"{person.LoginId} logs in", "ok", "ok");
        }

        var everywhere = choice.Next(3) == 0;
        var got = await CodeAsync(sessions[person][at].PostAsync("/api/v1/sessions/logout", new { everywhere }));
        for (var i = 0; i < person.Sessions.Count; i++)
        {
            person.Sessions[i] &= i != at && !everywhere;
        }

        return ($"{person.LoginId} logs out", "ok", got);
    }

    private static async Task<(string Outcome, string? Conversation)> SendAsync(TestSession session, string to, string id, string text)
    {
        using var response = await session.PostAsync("/api/v1/messages", new { to, data = text, clientMessageId = id });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? ($"ok {json.GetProperty("sequence")}{(json.GetProperty("duplicate").GetBoolean() ? " again" : "")}",
                json.GetProperty("conversation").GetString())
            : (json.GetProperty("code").GetString()!, null);
    }

    private async Task<(string What, string Expected, string Got)> AcknowledgeAsync(
        Person person, TestSession session, Room room, int delivered, int read)
    {
        var json = await session.PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = room.Id, delivered, read } } });
        var result = json.EnumerateObject().First().Value[0];
        var got = result.TryGetProperty("error", out var error)
            ? error.GetString()!
            : $"ok {result.GetProperty("own").GetProperty("delivered")} {result.GetProperty("own").GetProperty("read")}";
        return ($"{person.LoginId} acknowledges {delivered}/{read} of {room.Id}", model.Receipt(person, room, delivered, read), got);
    }

    private async Task<(string What, string Expected, string Got)> ReadAsync(
        Person person, TestSession session, Room room, int offset, int size)
    {
        using var response = await session.GetAsync($"/api/v1/messages?conversation={room.Id}&offset={offset}&size={size}");
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        var got = response.IsSuccessStatusCode
            ? $"ok {json.GetProperty("lastSequence")}: " + string.Join(' ', json.GetProperty("messages").EnumerateArray().Select(
                HistoryChanges.Show))
            : json.GetProperty("code").GetString()!;
        return ($"{person.LoginId} reads {size} after {offset} of {room.Id}", model.History(person, room, offset, size), got);
    }

    private static async Task<string> SyncAsync(TestSession session, Dictionary<string, int> conversations)
    {
        var json = await session.PostJsonAsync("/api/v1/sync", new { conversations });
        return Lines(json.GetProperty("conversations").EnumerateArray().Select(c =>
            $"{c.GetProperty("conversation")} {c.GetProperty("lastSequence")}: "
            + string.Join(' ', c.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("sequence").ToString()))));
    }

    private static async Task<string> ListAsync(TestSession session)
    {
        var json = await session.GetJsonAsync("/api/v1/conversations?size=1000");
        return Lines(json.GetProperty("conversations").EnumerateArray().Select(c =>
            $"{c.GetProperty("conversation")} {c.GetProperty("lastSequence")} unread {c.GetProperty("unread")} "
            + $"{c.GetProperty("closed").GetBoolean()} "
            + $"{c.GetProperty("own").GetProperty("delivered")}/{c.GetProperty("own").GetProperty("read")}"));
    }

    private static async Task<string> BlocksAsync(TestSession session) =>
        Lines((await session.GetJsonAsync("/api/v1/blocks")).GetProperty("ids").EnumerateArray().Select(id => id.GetString()!));

    private static async Task<(string Outcome, string? Id)> CreateGroupAsync(TestSession session, string[] members)
    {
        using var response = await session.PostAsync("/api/v1/groups", new { name = "Group", members });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? ("ok " + Members(json), json.GetProperty("id").GetString())
            : (json.GetProperty("code").GetString()!, null);
    }

    private static string Members(JsonElement group) => string.Join(
        ' ', group.GetProperty("members").EnumerateArray().Select(m => $"{m.GetProperty("id")}:{m.GetProperty("role")}")
            .Order(StringComparer.Ordinal));

    private static string Lines(IEnumerable<string> lines) => string.Join("; ", lines.Order(StringComparer.Ordinal));

    private static Task<HttpResponseMessage> Delete(TestSession session, string path)
        => session.SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    private static Task<HttpResponseMessage> Put(TestSession session, string path, object body) =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) });

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.IsSuccessStatusCode
            ? "ok"
            : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }

    /// <summary>Makes as many small numbers as wanted out of one.</summary>
    private sealed class Choice(int number)
    {
        private uint state = (uint)number;

        public int Next(int count)
        {
            var next = (int)(state % (uint)count);
            state = (state / (uint)count) ^ (state * 2_654_435_769 >> 7);
            return next;
        }
    }
}
