using System.Text.Json;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class PortalApiKeyTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly object Orders = new { name = "Orders", scopes = (string[])["users:read"] };

    [Fact]
    public async Task Create_ScopesAddressesAndExpiry_SecretIsShownOnceAndStoredNowhere()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);

        var made = await client.PostJsonAsync($"projects/{project.Id}/api-keys", new
        {
            name = " Orders ",
            scopes = (string[])["users:write", "users:read", "users:read"],
            addresses = (string[])["203.0.113.7", "2001:DB8::/32"],
            expiresInDays = 30,
        });

        var secret = made.GetProperty("secret").GetString()!;
        var list = await client.GetAsync($"projects/{project.Id}/api-keys");
        var key = Assert.Single(list.GetProperty("keys").EnumerateArray());
        Assert.Equal("Orders", key.GetProperty("name").GetString());
        Assert.Equal("vox_sk_…" + secret[^4..], key.GetProperty("shown").GetString());
        Assert.Equal(["users:read", "users:write"], key.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(
            ["203.0.113.7/32", "2001:db8::/32"], key.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        Assert.Equal(client.Email, key.GetProperty("createdBy").GetString());
        Assert.False(key.GetProperty("expired").GetBoolean());
        Assert.False(key.TryGetProperty("lastUsedAt", out _));
        Assert.Equal(14, list.GetProperty("scopes").GetArrayLength());
        Assert.DoesNotContain(secret, list.GetRawText(), StringComparison.Ordinal);
        var rows = new List<string>();
        await foreach (var row in portal.App.Get<StorageClients>().Table("apikeys").EnumerateAsync(
            $"PartitionKey ge {project.Id}", 100, CancellationToken.None))
        {
            rows.Add(JsonSerializer.Serialize(row));
        }

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.DoesNotContain(secret.Split('_')[^1], row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RotateAndRevoke_AKeyInUse_TakeEffectAndAreInTheActivity()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        var made = await client.PostJsonAsync($"projects/{project.Id}/api-keys", Orders);
        var id = made.GetProperty("key").GetProperty("id").GetString()!;
        var first = new TestServer(portal.App, project, made.GetProperty("secret").GetString()!, id);
        await first.GetJsonAsync("users");

        var rotated = await client.PostJsonAsync($"projects/{project.Id}/api-keys/{id}/rotate", new { overlapHours = 0 });

        var second = first with { Key = rotated.GetProperty("secret").GetString()! };
        await second.GetJsonAsync("users");
        await first.GetAsync("users").ProblemAsync("invalid_api_key");
        var key = (await client.GetAsync($"projects/{project.Id}/api-keys")).GetProperty("keys")[0];
        Assert.True(key.TryGetProperty("lastUsedAt", out _));
        Assert.True(key.TryGetProperty("rotatedAt", out _));
        await client.DoAsync(HttpMethod.Delete, $"projects/{project.Id}/api-keys/{id}");
        await second.GetAsync("users").ProblemAsync("invalid_api_key");
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, $"projects/{project.Id}/api-keys/{id}"));
        var actions = (await client.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString());
        Assert.Equal(["apikey.revoked", "apikey.rotated", "apikey.created", "project.created"], actions);
    }

    [Theory]
    [InlineData("""{"scopes":["users:read"]}""", "missing_field", 400)]
    [InlineData("""{"name":"x","scopes":[]}""", "missing_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:delete"]}""", "invalid_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:read"],"addresses":["10.0.0.1/8"]}""", "invalid_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:read"],"addresses":["example.com"]}""", "invalid_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:read"],"addresses":["1"]}""", "invalid_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:read"],"expiresInDays":0}""", "invalid_field", 400)]
    [InlineData("""{"name":"x","scopes":["users:read",null]}""", "invalid_field", 400)]
    [InlineData("""{"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","scopes":["users:read"]}""", "too_long", 400)]
    public async Task Create_BadInput_IsRefusedWithTheReason(string body, string code, int status)
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);

        Assert.Equal(
            (status, code),
            await client.RefusedAsync(
                HttpMethod.Post, $"projects/{project.Id}/api-keys", JsonSerializer.Deserialize<JsonElement>(body)));
    }

    [Fact]
    public async Task Keys_OfViewers_AreSeenButNotChanged()
    {
        using var owner = await portal.NewDeveloperAsync();
        using var viewer = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(owner);
        await owner.DoAsync(HttpMethod.Post, $"projects/{project.Id}/members", new { email = viewer.Email, role = "viewer" });
        await viewer.DoAsync(
            HttpMethod.Post, "invitations/accept", new { token = PortalApp.TokenOf(await portal.MailAsync(viewer.Email, "nvit")) });
        var made = await owner.PostJsonAsync($"projects/{project.Id}/api-keys", Orders);
        var id = made.GetProperty("key").GetProperty("id").GetString()!;

        Assert.Single((await viewer.GetAsync($"projects/{project.Id}/api-keys")).GetProperty("keys").EnumerateArray());
        Assert.Equal(
            (403, "not_allowed"),
            await viewer.RefusedAsync(
                HttpMethod.Post, $"projects/{project.Id}/api-keys", new { name = "x", scopes = (string[])["users:read"] }));
        Assert.Equal(
            (403, "not_allowed"), await viewer.RefusedAsync(HttpMethod.Post, $"projects/{project.Id}/api-keys/{id}/rotate", new { }));
        Assert.Equal((403, "not_allowed"), await viewer.RefusedAsync(HttpMethod.Delete, $"projects/{project.Id}/api-keys/{id}"));
    }

    private async Task<TestProject> NewProjectAsync(PortalClient client)
    {
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        return new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
    }
}
