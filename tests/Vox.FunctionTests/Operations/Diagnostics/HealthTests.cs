using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Diagnostics;

public sealed class HealthTests(Backends backends)
{
    [Fact]
    public async Task Ready_EverythingWell_IsOkWithoutSayingMore()
    {
        await backends.App.CreateProjectAsync();
        Assert.Equal(
            """{"status":"ok"}""", await backends.App.Http.GetStringAsync("/api/health/ready", TestContext.Current.CancellationToken));
        Assert.Equal(
            """{"status":"ok"}""", await backends.App.Http.GetStringAsync("/api/health/live", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Details_WithoutAKey_AreRefused()
    {
        using var response = await backends.App.Http.GetAsync("/api/health/details", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Ready_AskedByMany_AsksStorageOnce()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var before = app.Storage.Count;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Http.GetStringAsync("/api/health/ready")));

        Assert.Equal(1, app.Storage.Count - before);
    }

    [Fact]
    public async Task Live_StorageDown_AsksNothing()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"AzureWebJobsStorage={Nowhere}"]);
        Assert.Equal("""{"status":"ok"}""", await app.Http.GetStringAsync("/api/health/live", TestContext.Current.CancellationToken));
        Assert.Equal(0, app.Storage.Count);
    }

    [Fact]
    public async Task Ready_StorageDown_IsUnavailableAndSaysWhatToDoToThoseWithAKey()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"AzureWebJobsStorage={Nowhere}"]);

        using var response = await app.Http.GetAsync("/api/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"status":"unavailable"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("does not answer", await ProblemAsync(app, "storage"), StringComparison.Ordinal);
        Assert.Null(await ProblemAsync(app, "signalr"));
    }

    [Fact]
    public async Task Start_DemoWithAWrongStorageKey_RunsAndSaysSo()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await using var app = await VoxApp.StartAsync(
            backends, [$"AzureWebJobsStorage={WrongKey(backends.StorageConnection)}", $"Demo:File={file}"]);

        Assert.Contains("copy the connection string again", await ProblemAsync(app, "storage"), StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Details_WrongStorageKey_SayThatTheCredentialsAreRefused()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"AzureWebJobsStorage={WrongKey(backends.StorageConnection)}"]);
        Assert.Contains("copy the connection string again", await ProblemAsync(app, "storage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_MissingTable_SayThatTheInfrastructureIsToBeDeployed()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Storage:CreateTables=false"]);
        Assert.Contains("projects is missing: deploy infra-bicep", await ProblemAsync(app, "storage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_ClockTenMinutesOff_SaySo()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(10));
        await using var app = await VoxApp.StartAsync(backends, time);

        Assert.Contains("10 minutes ahead", await ProblemAsync(app, "storage"), StringComparison.Ordinal);
        Assert.Equal(
            """{"status":"degraded"}""", await app.Http.GetStringAsync("/api/health/ready", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Endpoint=http://127.0.0.1:9;AccessKey=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;Version=1.0;", "does not answer")]
    [InlineData(null, "refuses the access key")]
    public async Task Send_SignalRDownOrRefusing_StoresAndSaysSo(string? connection, string expected)
    {
        connection ??= WrongKey(backends.SignalRConnection);
        await using var app = await VoxApp.StartAsync(backends, [$"AzureSignalRConnectionString={connection}"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");

        await alice.SendChatAsync("bob", "still stored");
        await app.SettleAsync(project.Id);

        Assert.Equal("still stored", Assert.Single(await project.HistoryAsync()).Data);
        Assert.Contains(expected, await ProblemAsync(app, "signalr"), StringComparison.Ordinal);
        Assert.Equal(
            """{"status":"degraded"}""", await app.Http.GetStringAsync("/api/health/ready", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Send_WithAWrongStorageKey_AnswersThatStorageIsUnavailable()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"AzureWebJobsStorage={WrongKey(backends.StorageConnection)}"]);

        using var response = await app.Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = "pid_1", loginId = "alice", password = "secret" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            "storage_unavailable",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private const string Nowhere =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;"
        + "BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;";

    private static string WrongKey(string connectionString) => string.Join(';', connectionString.Split(';').Select(part =>
        part.StartsWith("AccountKey=", StringComparison.Ordinal) || part.StartsWith("AccessKey=", StringComparison.Ordinal)
            ? part[..part.IndexOf('=', StringComparison.Ordinal)] + "=" + Convert.ToBase64String(new byte[64])
            : part));

    private static async Task<string?> ProblemAsync(VoxApp app, string part)
    {
        var details = await app.Http.GetFromJsonAsync<JsonElement>("/api/health/details?code=local-function-key");
        var found = details.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("part").GetString() == part);
        return found.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
    }
}
