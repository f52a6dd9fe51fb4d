using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ApiKeys;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.ApiKeys;

public sealed class ApiKeyTests(Backends backends)
{
    private const string Header = "Limits:ClientAddressHeader=X-Test-Client";

    [Fact]
    public async Task Call_KeyWithTheScope_IsOfItsProject()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var server = await project.CreateServerAsync("users:read");

        var page = await server.GetJsonAsync("users");

        Assert.Equal("alice", Assert.Single(page.GetProperty("users").EnumerateArray()).GetProperty("id").GetString());
        Assert.StartsWith("vox_sk_" + project.Id[4..], server.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithoutTheScope_Is403ThatNamesTheScope()
    {
        var project = await backends.App.CreateProjectAsync();
        var server = await project.CreateServerAsync("users:write", "messages:read");

        var detail = await server.GetAsync("users").ProblemAsync("missing_scope", "users:read");

        Assert.Contains("users:read", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_KeysThatAreNone_Are401()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        var server = await project.CreateServerAsync();
        var user = await (await project.CreateUserAsync("alice")).LogInAsync();

        foreach (var text in (string[])
        [
            "", "vox_sk_", project.Token, user.AccessToken, server.Key[..^1], server.Key[..^1] + (server.Key[^1] == 'A' ? 'B' : 'A'),
            server.Key + "A", server.Key.Replace("_sk_", "_pk_", StringComparison.Ordinal), server.Key.ToUpperInvariant(),
            // The secret of another project's key under this project's name, and the reverse.
            other.Key.Replace(other.Project.Id[4..], project.Id[4..], StringComparison.Ordinal),
            server.Key.Replace(project.Id[4..], other.Project.Id[4..], StringComparison.Ordinal),
        ])
        {
            await (server with { Key = text }).GetAsync("users").ProblemAsync("invalid_api_key", "authorization");
        }

        await server.GetJsonAsync("users");
    }

    [Fact]
    public async Task Call_KeyHasExpired_Is401()
    {
        var clock = PortalApp.Clock();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var project = await app.CreateProjectAsync();
        var server = await project.CreateServerAsync(new ApiKeyDraft("Test", ApiScopes.All, [], clock.GetUtcNow().AddDays(1), "a test"));
        await server.GetJsonAsync("users");

        clock.Advance(TimeSpan.FromDays(1));

        Assert.Contains(
            "expired", await server.GetAsync("users").ProblemAsync("invalid_api_key", "authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_OldKey_IsGoodDuringTheOverlapOnlyOnEveryInstance()
    {
        var clock = PortalApp.Clock();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var old = await project.CreateServerAsync();
        await old.GetAsync("users", two).TextAsync();

        var (_, text) = await one.Get<ApiKeyService>().RotateAsync(
            project.Id, old.KeyId, TimeSpan.FromHours(2), CancellationToken.None);

        // The other instance has the row of before in its memory, and takes the new key at once all the same.
        var renewed = old with { Key = text };
        foreach (var app in (VoxApp[])[two, one])
        {
            await renewed.GetAsync("users", app).TextAsync();
            await old.GetAsync("users", app).TextAsync();
        }

        clock.Advance(TimeSpan.FromHours(2));
        foreach (var app in (VoxApp[])[one, two])
        {
            await old.GetAsync("users", app).ProblemAsync("invalid_api_key");
            await renewed.GetAsync("users", app).TextAsync();
        }
    }

    [Fact]
    public async Task Revoke_OnOneInstance_EndsOnTheOthersWithinHalfAMinute()
    {
        var clock = PortalApp.Clock();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        await server.GetAsync("users", two).TextAsync();

        await one.Get<ApiKeyService>().RevokeAsync(project.Id, server.KeyId, CancellationToken.None);

        await server.GetAsync("users", one).ProblemAsync("invalid_api_key");
        clock.Advance(TimeSpan.FromSeconds(30));
        await server.GetAsync("users", two).ProblemAsync("invalid_api_key");
    }

    [Fact]
    public async Task Call_ManyTimesOnTwoInstances_WritesWhenItWasUsedOnceAnHour()
    {
        var clock = PortalApp.Clock();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        var store = one.Get<ApiKeyStore>();
        var versions = new HashSet<string>();
        for (var minute = 0; minute < 59; minute += 4)
        {
            await Task.WhenAll(server.GetAsync("users", one).TextAsync(), server.GetAsync("users", two).TextAsync());
            versions.Add((await store.FindAsync(project.Id, server.KeyId, CancellationToken.None))!.Version.ToString());
            clock.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.Single(versions);
        await server.GetAsync("users", two).TextAsync();
        var key = (await store.FindAsync(project.Id, server.KeyId, CancellationToken.None))!;
        Assert.DoesNotContain(key.Version.ToString(), versions);
        Assert.Equal(clock.GetUtcNow(), key.LastUsedAt);
    }

    [Fact]
    public async Task Call_AgainAndAgain_CostsNoStorageRequestForTheKey()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.GetJsonAsync("users");
        await server.GetJsonAsync("users");

        var before = app.Storage.Count;
        await server.GetJsonAsync("users");

        // One for each of the two ranges of users.
        Assert.Equal(2, app.Storage.Count - before);
    }

    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("203.0.113.8", false)]
    [InlineData("198.51.100.200", true)]
    [InlineData("198.51.101.1", false)]
    [InlineData("2001:db8:7::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("::ffff:203.0.113.7", true)]
    [InlineData(null, false)]
    public async Task Call_KeyWithAddresses_IsGoodFromThereOnly(string? address, bool good)
    {
        await using var app = await VoxApp.StartAsync(backends, [Header]);
        var project = await app.CreateProjectAsync();
        var server = await project.CreateServerAsync(
            new ApiKeyDraft("Test", ApiScopes.All, ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::/32"], null, "a test"));
        using var request = new HttpRequestMessage(HttpMethod.Get, TestServer.Base + "users");
        request.Headers.Authorization = new("Bearer", server.Key);
        if (address is not null)
        {
            request.Headers.Add("X-Test-Client", address);
        }

        var sending = app.Http.SendAsync(request);

        await (good ? sending.TextAsync() : sending.ProblemAsync("address_not_allowed"));
    }

    [Fact]
    public async Task Create_MoreThanTheProjectMayHave_Is409()
    {
        await using var app = await VoxApp.StartAsync(backends, ["ApiKeys:MaxPerProject=2"]);
        var project = await app.CreateProjectAsync();
        await project.CreateServerAsync();
        await project.CreateServerAsync();

        var refused = await Assert.ThrowsAsync<Platform.ErrorCatalogue.VoxException>(() => project.CreateServerAsync());

        Assert.Equal("limit_reached", refused.Error.Code);
    }

    [Fact]
    public async Task Answer_ToAPageOfAnotherOrigin_CannotBeRead()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, TestServer.Base + "users");
        request.Headers.Authorization = new("Bearer", server.Key);
        request.Headers.Add("Origin", "https://shop.example");

        using var response = await backends.App.Http.SendAsync(request);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
