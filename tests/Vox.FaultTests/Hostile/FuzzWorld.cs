using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vox.Chat.Projects;
using Vox.Chat.Webhooks;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>
/// A developer, their project and two users with everything that a user can have. It is made again when the requests have destroyed it.
/// </summary>
internal sealed class FuzzWorld(VoxApp app, PortalApp portal) : IDisposable
{
    private const string MasterKey = "local-master-key";

    private PortalClient? developer;

    /// <summary>Passwords, tokens and texts that no log may show.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    public Values Values { get; private set; } = null!;

    public string AccessToken { get; private set; } = "";

    /// <summary>With every scope.</summary>
    public string ApiKey { get; private set; } = "";

    public string Cookie { get; private set; } = "";

    public string CsrfToken { get; private set; } = "";

    public async Task RenewAsync()
    {
        if (developer is null || !(await developer.Http.GetAsync("projects")).IsSuccessStatusCode)
        {
            developer?.Dispose();
            await ForgetAttemptsAsync();
            developer = await portal.NewDeveloperAsync(app);
            Cookie = developer.Cookies.GetCookieHeader(developer.Http.BaseAddress!);
            CsrfToken = developer.CsrfToken!;
        }

        var keys = await developer.PostJsonAsync("projects", new { name = "Fuzzed" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var (password, marker) = (NewSecret("secret"), NewSecret("marker"));
        await app.Get<ProjectService>().UpdateAsync(project.Id, stored => stored with { SearchEnabled = true }, CancellationToken.None);
        await project.CreateUserAsync("ann", password);
        var (bob, _) = (await project.CreateUserAsync("bob", password), await project.CreateUserAsync("cat", password));
        var ann = await new TestUser(project, "ann", password).LogInAsync();
        await bob.SendChatAsync("ann", marker);
        var sent = await ann.SendMessageAsync("bob", marker, "first");
        var group = (await ann.PostJsonAsync("/api/v1/groups", new { name = "Group", members = new[] { "bob" } }))
            .GetProperty("id").GetString()!;
        await ann.SendMessageAsync(group, marker);
        var upload = (await ann.PostJsonAsync("/api/v1/files", new { name = "a.txt", size = 10 })).GetProperty("id").GetString()!;
        var media = (await ann.GetJsonAsync("/api/v1/media/prefix")).GetProperty("path").GetString()!;
        var webhook = await app.Get<WebhookService>().CreateAsync(
            project.Id, new WebhookRequest("https://example.com/hooks", ["user.created"]), "a test", CancellationToken.None);
        AccessToken = ann.AccessToken;
        ApiKey = (await project.CreateServerAsync()).Key;
        Values = new Values(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["projectid"] = project.Id,
            ["authtoken"] = project.Token,
            ["username"] = "cat",
            ["userid"] = "cat",
            ["user"] = "ann",
            ["loginid"] = "ann",
            ["password"] = password,
            ["pass"] = password,
            ["newpassword"] = password,
            ["to"] = "bob",
            ["with"] = "bob",
            ["recipient"] = "bob",
            ["ids"] = "bob",
            ["members"] = "bob",
            ["fromnumber"] = "ann",
            ["tonumber"] = "bob",
            ["group"] = group,
            ["conversation"] = sent.GetProperty("conversation").GetString()!,
            ["message"] = marker,
            ["q"] = marker,
            ["data"] = marker,
            ["msgtype"] = "1",
            ["emoji"] = "👍",
            ["for"] = "everyone",
            ["ct"] = "text/plain",
            ["markread"] = "1",
            ["clientmessageid"] = "again",
            ["id"] = upload,
            ["webhookid"] = webhook.Id,
            ["connection"] = "c1",
            ["u"] = ann.RealtimeUser,
            ["refreshtoken"] = ann.RefreshToken,
            ["key"] = "AAAAAAAAAAAAAAA_a.txt",
            ["token"] = media.Split('/', StringSplitOptions.RemoveEmptyEntries)[^1],
            ["email"] = developer.Email,
            ["developerid"] = "nobody",
            ["paymentid"] = "none",
            ["file"] = "calmsdk-001.js",
            ["path"] = "index.html",
            ["name"] = "Name",
            ["cursor"] = "d",
            ["captcha"] = "e30=",
            ["kind"] = "file",
            ["contenttype"] = "text/plain",
            ["confirmation"] = "no",
            ["starttime"] = "NULL",
            ["endtime"] = "NULL",
            ["from"] = $"{TimeProvider.System.GetUtcNow().AddYears(1):yyyy-MM-dd}",
            ["userprices"] = "*:1",
            ["storageprices"] = "*:1",
        });
        Secrets.UnionWith([
            MasterKey, password, marker, webhook.Secret, project.Token, ann.AccessToken, ann.RefreshToken, ApiKey, CsrfToken,
            PortalClient.Password,
            .. Cookie.Split("; ").Select(pair => pair.Split('=', 2)[1])]);
    }

    public async Task<bool> IsWholeAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/groups/{Values.ByName["group"]}");
        request.Headers.Authorization = new("Bearer", AccessToken);
        using var response = await app.Http.SendAsync(request);
        using var session = await developer!.Http.GetAsync($"projects/{Values.ByName["projectid"]}");
        return response.IsSuccessStatusCode && session.IsSuccessStatusCode;
    }

    /// <summary>A request that somebody with the right to call would send.</summary>
    /// <param name="values">Values to use instead of those of this world.</param>
    /// <param name="complete">Whether the request has every optional part. Otherwise some are left out now and then.</param>
    public (RawRequest Request, JsonNode? Body) Good(
        Endpoint endpoint, DeterministicRandom random, Values? values = null, bool complete = false)
    {
        values ??= Values;
        string Value(string name) => Uri.EscapeDataString(values.For(name, random));
        var path = string.Join(
            '/',
            endpoint.Route.Split('/').Select(part => part is ['{', .. var name, '}'] ? Value(name.Split(':')[0].Trim('*', '?')) : part));
        var query = string.Join(
            '&',
            endpoint.Query.Where(_ => complete || !random.OneIn(6)).Select(
                name => $"{name}={Value(endpoint.Route.Contains("group", StringComparison.Ordinal) && name == "id" ? "to" : name)}"));
        var request = new RawRequest { Method = endpoint.Method, Target = path + (query.Length > 0 ? "?" + query : "") };
        request.Headers.Add(("Host", "localhost"));
        if (endpoint.IsClient)
        {
            request.Headers.Add(("Authorization", "Bearer " + AccessToken));
        }
        else if (endpoint.IsServer)
        {
            request.Headers.Add(("Authorization", "Bearer " + ApiKey));
        }
        else if (endpoint.IsPortal)
        {
            request.Headers.Add(("Cookie", Cookie));
            request.Headers.Add(("X-CSRF-Token", CsrfToken));
        }

        else if (endpoint.IsOperator)
        {
            request.Headers.Add(("x-functions-key", MasterKey));
        }

        JsonNode? body = null;
        if (endpoint.Operation?.Request is { } type)
        {
            body = values.Body(type, random);
        }
        else if (endpoint.Fields.Any())
        {
            body = new JsonObject(
                endpoint.Fields.Where(_ => complete || !random.OneIn(8))
                    .Select(name => KeyValuePair.Create(name, (JsonNode?)values.For(name, random))));
        }

        if (body is not null)
        {
            request.Headers.Add(("Content-Type", "application/json"));
        }

        return (request, body);
    }

    /// <summary>All requests come from one address, which would be locked out after a while.</summary>
    private async Task ForgetAttemptsAsync()
    {
        var table = app.Get<StorageClients>().Table("attempts");
        await foreach (var row in table.EnumerateAsync(
            $"Since gt {DateTimeOffset.UnixEpoch}", 1_000, CancellationToken.None, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, CancellationToken.None);
        }
    }

    public void Dispose() => developer?.Dispose();

    private static string NewSecret(string kind) => kind + Guid.NewGuid().ToString("N");
}
