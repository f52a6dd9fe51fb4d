using System.Net.Http.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Storage;

/// <summary>While the storage does not answer, every endpoint says so in its own shape, and says that the caller may try again.</summary>
public sealed class StorageOutageTests(Backends backends)
{
    private const string Project = "pid_0f8fad5b_d9cb_469f_a165_70867728950e";

    // Port 9 (discard) refuses connections.
    private const string Nowhere =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;";

    [Fact]
    public async Task Call_StorageIsAway_Is503InTheShapeOfTheEndpoint()
    {
        await using var app = await StartAsync();
        var keys = $"projectid={Project}&authtoken=x";

        Assert.Contains(
            "try again",
            await app.Http.PostAsync($"/api/user?{keys}&username=a&password=b", null).VendorDataErrorAsync(503),
            StringComparison.Ordinal);
        await app.Http.DeleteAsync($"/api/user?{keys}&username=a").VendorDataErrorAsync(503);
        await app.Http.GetAsync($"/api/getchathistory?{keys}&offset=0&size=1").VendorDataErrorAsync(503);
        await app.Http.PostAsync($"/sendchat?{keys}", null).VendorStatusErrorAsync(503);
        await LogInAsync(app).ProblemAsync("storage_unavailable");
        using var response = await LogInAsync(app);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Call_ThatNeedsNoStorage_WorksWhileItIsAway()
    {
        await using var app = await StartAsync();

        await app.Http.GetAsync("/api/openapi.json").TextAsync();
        await app.Http.GetAsync("/api/v1/conversations").ProblemAsync("invalid_token");
        await app.Http.PostAsync("/api/user?projectid=x&authtoken=y&username=a&password=b", null).VendorDataErrorAsync(404);
    }

    [Fact]
    public async Task Start_SendsNoRequestToStorage()
    {
        await using var app = await VoxApp.StartAsync(backends);

        Assert.Equal(0, app.Storage.Count);
    }

    // Keeps the expected errors out of the log of the tests.
    private Task<VoxApp> StartAsync() => VoxApp.StartAsync(
        backends,
        [
            "Storage:ConnectionString=" + Nowhere, "Storage:Retries=0", "Storage:TimeoutSeconds=1",
            "Logging:LogLevel:Default=None", "Logging:LogLevel:Vox=None"
        ]);

    private static Task<HttpResponseMessage> LogInAsync(VoxApp app) =>
        app.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = Project, loginId = "alice", password = "secret" });
}
