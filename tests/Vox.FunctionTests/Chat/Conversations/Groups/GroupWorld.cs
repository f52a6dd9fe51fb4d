using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Tests.Fixture;

namespace Vox.Tests.Groups;

/// <summary>A project with users, and what they do in groups.</summary>
internal sealed record GroupWorld(Backends Backends, TestProject Project, IReadOnlyDictionary<string, TestSession> Sessions)
{
    /// <summary>The service in which the groups are live.</summary>
    public string SignalR { get; init; } = Backends.SignalRConnection;

    public TestSession this[string loginId] => Sessions[loginId];

    public static async Task<GroupWorld> CreateAsync(Backends backends, VoxApp app, params string[] loginIds)
    {
        var project = await app.CreateProjectAsync();
        var sessions = await Task.WhenAll(loginIds.Select(async id => await (await project.CreateUserAsync(id)).LogInAsync()));
        return new GroupWorld(backends, project, sessions.ToDictionary(s => s.LoginId));
    }

    public async Task<string> CreateGroupAsync(string owner, params string[] members) =>
        Text(await this[owner].PostJsonAsync("/api/v1/groups", new { name = "Friends", description = "of old", members }), "id");

    /// <summary>0 for success, otherwise the status; with the code.</summary>
    public static async Task<string> CodeAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? "ok"
            : $"{(int)response.StatusCode} {Text(JsonSerializer.Deserialize<JsonElement>(text), "code")}";
    }

    public Task<string> AddAsync(string by, string group, params string[] ids) =>
        CodeAsync(this[by].PostAsync($"/api/v1/groups/{group}/members", new { ids }));

    public Task<string> RemoveAsync(string by, string group, string id) =>
        CodeAsync(CallAsync(by, HttpMethod.Delete, $"/api/v1/groups/{group}/members?id={Uri.EscapeDataString(id)}"));

    public Task<string> PromoteAsync(string by, string group, params string[] ids) =>
        CodeAsync(CallAsync(by, HttpMethod.Put, $"/api/v1/groups/{group}/admins", new { ids }));

    public Task<string> DismissAsync(string by, string group, string id) =>
        CodeAsync(CallAsync(by, HttpMethod.Delete, $"/api/v1/groups/{group}/admins?id={Uri.EscapeDataString(id)}"));

    public Task<string> LeaveAsync(string by, string group) => CodeAsync(this[by].PostAsync($"/api/v1/groups/{group}/leave"));

    public Task<string> DeleteAsync(string by, string group) => CodeAsync(CallAsync(by, HttpMethod.Delete, $"/api/v1/groups/{group}"));

    public Task<string> UpdateAsync(string by, string group, object body) =>
        CodeAsync(CallAsync(by, HttpMethod.Patch, $"/api/v1/groups/{group}", body));

    public Task<string> BlockAsync(string by, string group, bool blocked = true) =>
        CodeAsync(CallAsync(by, blocked ? HttpMethod.Post : HttpMethod.Delete, $"/api/v1/groups/{group}/block"));

    public Task<string> SendAsync(string by, string group, string text, string? id = null) =>
        CodeAsync(this[by].PostAsync("/api/v1/messages", new { to = group, data = text, clientMessageId = id }));

    public async Task<HttpResponseMessage> CallAsync(string by, HttpMethod method, string path, object? body = null, string? client = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (client is not null)
        {
            request.Headers.Add("X-Client-Id", client);
        }

        return await this[by].SendAsync(request);
    }

    /// <summary>Members with roles: <c>alice:owner bob:member</c>, by name.</summary>
    public async Task<string> MembersAsync(string by, string group) =>
        Members(await this[by].GetJsonAsync($"/api/v1/groups/{group}"));

    public static string Members(JsonElement view) => string.Join(' ', view.GetProperty("members").EnumerateArray()
        .Select(m => $"{Text(m, "id")}:{Text(m, "role")}").Order(StringComparer.Ordinal));

    /// <summary>The texts that a user sees in the group, oldest first.</summary>
    public async Task<List<string>> TextsAsync(string by, string group) =>
        [.. (await this[by].GetJsonAsync($"/api/v1/messages?conversation={group}&size=1000")).GetProperty("messages").EnumerateArray()
            .Select(m => Text(m, "data")).Reverse()];

    /// <summary>Whether the SignalR service has the user in the group.</summary>
    public async Task<bool> IsJoinedAsync(string loginId, string group)
    {
        var connection = SignalRConnection.Parse(SignalR);
        var address = connection.Endpoint.GetLeftPart(UriPartial.Authority)
            + $"/api/hubs/chat/users/{Uri.EscapeDataString(this[loginId].RealtimeUser)}/groups/"
            + Uri.EscapeDataString(RealtimeUser.GroupOf(Project.Id, group));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, address + "?api-version=2022-06-01");
        request.Headers.Authorization = new("Bearer", await Project.App.Get<SignalRTokens>().ForAsync(connection, address, default));
        using var response = await http.SendAsync(request);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            var status => throw new InvalidOperationException($"The emulator answered {status}."),
        };
    }

    /// <summary>A call that can be sent to any process.</summary>
    public HttpRequestMessage Request(string by, HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", this[by].AccessToken);
        return request;
    }

    /// <summary>
    /// Asserts that these agree: the members' table, what every process tells every user, each user's list of groups, and the live group.
    /// </summary>
    public Task AgreeAsync(string group, params string[] users) => AgreeAsync(group, [Project.App.Http], users);

    public async Task AgreeAsync(string group, HttpClient[] processes, params string[] users)
    {
        var key = new ConversationKey(Project.Id, group);
        var head = (await Project.App.Get<ConversationStore>().FindHeadAsync(key, default))!;
        var rows = head.Closed ? [] : await Project.App.Get<GroupStore>().ReadMembersAsync(key, default);
        var table = string.Join(' ', rows.Select(m => $"{m.LoginId}:{GroupService.Role(m.Role)}").Order(StringComparer.Ordinal));
        if (!head.Closed)
        {
            Assert.Equal(rows.Count, head.Group!.MemberCount);
            Assert.Equal(head.Group.OwnerLogin, Assert.Single(rows, m => m.Role == GroupRole.Owner).LoginId);
        }

        foreach (var user in users)
        {
            var isMember = rows.Exists(m => m.LoginId == user);
            foreach (var http in processes)
            {
                using var response = await http.SendAsync(Request(user, HttpMethod.Get, $"/api/v1/groups/{group}"));
                Assert.Equal(isMember ? 200 : head.Closed ? 404 : 403, (int)response.StatusCode);
                if (isMember)
                {
                    Assert.Equal(table, Members(await response.Content.ReadFromJsonAsync<JsonElement>()));
                }
            }

            Assert.True(isMember == await IsJoinedAsync(user, group), $"{user} is {(isMember ? "" : "not ")}a member: {table}");
            var listed = (await this[user].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray()
                .Select(g => Text(g, "id"));
            Assert.Equal(isMember, listed.Contains(group));
        }
    }

    public static string Text(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetRawText()
        : json.GetProperty(name).GetString()!;

    public static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    public static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
