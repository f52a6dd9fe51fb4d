using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.Projects;

namespace Vox.Tests.Fixture;

/// <summary>A project of one test, and what its owner does over REST.</summary>
public sealed record TestProject(VoxApp App, string Id, string Token)
{
    /// <summary>The project as the app knows it.</summary>
    public async Task<Project> ReadAsync() => await App.Get<ProjectService>().GetAsync(Id, CancellationToken.None);

    public async Task<TestUser> CreateUserAsync(string loginId, string password = "secret")
    {
        using var response = await PostUserAsync(loginId, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new TestUser(this, loginId, password);
    }

    public Task<HttpResponseMessage> PostUserAsync(string loginId, string password) =>
        App.Http.PostAsync("/api/user", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["projectid"] = Id,
            ["authtoken"] = Token,
            ["username"] = loginId,
            ["password"] = password,
        }));

    public Task<HttpResponseMessage> DeleteUserAsync(string loginId) =>
        App.Http.DeleteAsync($"/api/user?projectid={Id}&authtoken={Token}&username={Uri.EscapeDataString(loginId)}");

    /// <summary>The project's log over REST. <paramref name="query"/>: further parameters, such as <c>fromnumber=alice</c>.</summary>
    public async Task<List<LogRow>> HistoryAsync(int offset = 0, int size = 50, string query = "")
    {
        var json = await App.Http.GetFromJsonAsync<JsonElement>(
            $"/api/getchathistory?projectid={Id}&authtoken={Token}&offset={offset}&size={size}&{query}");
        return [.. json.GetProperty("data").GetProperty("message").EnumerateArray().Select(row => new LogRow(
            row.GetProperty("srcnumber").GetString()!,
            row.GetProperty("dstnumber").GetString()!,
            row.GetProperty("data").GetString()!,
            row.GetProperty("messagetime").GetString()!,
            row.GetProperty("groupname").GetString()!))];
    }
}

public sealed record LogRow(string From, string To, string Data, string Time, string Group);
