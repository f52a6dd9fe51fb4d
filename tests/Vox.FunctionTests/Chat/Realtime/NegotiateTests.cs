using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

public sealed class NegotiateTests(Backends backends)
{
    private const string Path = "/api/v1/realtime/negotiate";

    [Fact]
    public async Task Negotiate_OwnName_GivesAddressAndToken()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        var answer = await session.PostJsonAsync($"{Path}?u={Uri.EscapeDataString(session.RealtimeUser)}&negotiateVersion=1", new { });

        Assert.Equal(["accessToken", "url"], answer.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.StartsWith("http://localhost", answer.GetProperty("url").GetString()!, StringComparison.Ordinal);
        Assert.Equal(3, answer.GetProperty("accessToken").GetString()!.Split('.').Length);
    }

    [Fact]
    public async Task Negotiate_SomebodyElsesName_Is403AndNoTokenLeaks()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        var mallory = await (await project.CreateUserAsync("mallory")).LogInAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var namesake = await (await other.CreateUserAsync("mallory")).LogInAsync();

        foreach (var name in new[]
        {
            alice.RealtimeUser, namesake.RealtimeUser, mallory.RealtimeUser.ToUpperInvariant(), " " + mallory.RealtimeUser, "x",
            mallory.RealtimeUser + "&u=" + alice.RealtimeUser,
        })
        {
            var request = mallory.PostAsync($"{Path}?u={name.Replace(" ", "%20", StringComparison.Ordinal)}");
            var sentence = await request.ProblemAsync("not_yourself", "u");
            Assert.DoesNotContain("eyJ", sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Negotiate_EmptyName_IsRefused()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        using var response = await session.PostAsync($"{Path}?u=");

        Assert.NotEqual(200, (int)response.StatusCode);
        Assert.DoesNotContain("eyJ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithTheTokenOfAnEndedSession_Fails()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        await session.LogOutAsync();

        await Assert.ThrowsAnyAsync<Exception>(session.ConnectAsync);
    }

    [Fact]
    public async Task Connect_WithAMadeUpServiceToken_Fails()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        var answer = await session.PostJsonAsync($"{Path}?u={Uri.EscapeDataString(session.RealtimeUser)}", new { });
        var token = answer.GetProperty("accessToken").GetString()!;
        var parts = token.Split('.');
        var payload = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        var forged = $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(
            System.Text.Encoding.UTF8.GetBytes(
                payload.Replace(session.RealtimeUser, "pid_x:aother", StringComparison.Ordinal)))}.{parts[2]}";
        Assert.NotEqual(token, forged);
        await using var connection = new HubConnectionBuilder()
            .WithUrl(
                answer.GetProperty("url").GetString()!, options => options.AccessTokenProvider = () => Task.FromResult<string?>(forged))
            .Build();

        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync());
    }
}
