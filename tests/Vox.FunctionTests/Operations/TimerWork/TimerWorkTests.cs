using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Timers;
using Vox.Tests.Fixture;

namespace Vox.Tests.TimerWork;

/// <summary>What operators see of work that fails, and what they can do.</summary>
public sealed class TimerWorkTests(Backends backends)
{
    private readonly ShiftedTime clock = new();
    private readonly StorageFaults faults = new();

    [Fact]
    public async Task Deletion_FailsAgainAndAgain_HealthNamesItAndTheOperatorHasItTakenUpAgain()
    {
        await using var app = await StartAsync("Timers:MaxAttempts=2", "Timers:AsideHours=168");
        var (broken, well) = (await app.CreateProjectAsync(), await app.CreateProjectAsync());
        await well.CreateUserAsync("alice");
        await app.Get<ProjectRemoval>().BeginAsync(broken.Id, CancellationToken.None);
        await app.Get<ProjectRemoval>().BeginAsync(well.Id, CancellationToken.None);
        Assert.Equal("ok", (await TimersAsync(app)).Status);
        faults.Choose = request =>
            Uri.UnescapeDataString(request).Contains($"{broken.Id}|", StringComparison.Ordinal) ? Fault.FailedBefore : Fault.None;
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(61));
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Equal(0, await app.Get<UserStore>().CountAsync(well.Id, CancellationToken.None));

        var (status, problem) = await TimersAsync(app);
        Assert.Equal("degraded", status);
        Assert.Contains("ResumeProjectDeletions 1", problem, StringComparison.Ordinal);
        using (var ready = await app.Http.GetAsync("/api/health/ready"))
        {
            Assert.Equal("""{"status":"ok"}""", await ready.Content.ReadAsStringAsync());
        }

        using var listed = JsonDocument.Parse(
            await SendAsync(app, HttpMethod.Get, "?timer=ResumeProjectDeletions", null).TextAsync(200));
        var work = Assert.Single(listed.RootElement.GetProperty("work").EnumerateArray());
        Assert.Equal(
            (broken.Id, 2, true),
            (work.GetProperty("item").GetString(), work.GetProperty("attempts").GetInt32(), work.GetProperty("setAside").GetBoolean()));

        faults.Choose = null;
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Equal("degraded", (await TimersAsync(app)).Status);
        var retried = await SendAsync(
            app, HttpMethod.Post, "/retry", new { timer = "ResumeProjectDeletions", item = broken.Id }).TextAsync(200);
        Assert.Equal("""{"count":1}""", retried);
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Equal("ok", (await TimersAsync(app)).Status);
    }

    [Fact]
    public async Task Retry_OfNoTimerOrOfWhatDoesNotFail_SaysSo()
    {
        await SendAsync(backends.App, HttpMethod.Post, "/retry", new { }).ProblemAsync("missing_field", "timer");
        Assert.Equal(
            """{"count":0}""",
            await SendAsync(backends.App, HttpMethod.Post, "/retry", new { timer = "ChargeProjects", item = "unknown" }).TextAsync(200));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("local-function-key", 401)]
    public async Task Work_WithoutTheMasterKey_IsNotShown(string? key, int status)
    {
        await SendAsync(backends.App, HttpMethod.Get, "", null, key).TextAsync(status);
        await SendAsync(backends.App, HttpMethod.Post, "/retry", new { timer = "ChargeProjects" }, key).TextAsync(status);
    }

    [Fact]
    public async Task Retry_OfAWholeTimer_TakesAllOfItUp()
    {
        await using var app = await StartAsync("Timers:MaxAttempts=1");
        var runs = app.Get<TimerRuns>();
        await using (var run = runs.Begin("SweepUploads", CancellationToken.None))
        {
            await run.EachAsync(["a", "b", "c"], name => name, (name, _) => name == "c" ? Task.CompletedTask : throw new IOException());
        }

        Assert.Equal(
            """{"count":2}""", await SendAsync(app, HttpMethod.Post, "/retry", new { timer = "SweepUploads" }).TextAsync(200));

        await using var next = runs.Begin("SweepUploads", CancellationToken.None);
        Assert.Equal(["a", "b"], (await next.DueAgainAsync()).Order());
    }

    private static async Task<(string Status, string? Problem)> TimersAsync(VoxApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health/details");
        request.Headers.Add("x-functions-key", "local-function-key");
        using var response = await app.Http.SendAsync(request);
        var part = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parts").EnumerateArray()
            .Single(part => part.GetProperty("part").GetString() == "timers");
        return (part.GetProperty("status").GetString()!, part.TryGetProperty("problem", out var why) ? why.GetString() : null);
    }

    private static Task<HttpResponseMessage> SendAsync(
        VoxApp app, HttpMethod method, string path, object? body, string? key = "local-master-key")
    {
        var request = new HttpRequestMessage(method, "/api/operator/v1/timers/work" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return app.Http.SendAsync(request);
    }

    private Task<VoxApp> StartAsync(params string[] settings) => VoxApp.StartAsync(
        backends,
        [
            .. settings, "Storage:Retries=0", "Logging:LogLevel:Vox=None", "AzureWebJobs.ResumeProjectDeletions.Disabled=true",
            "AzureWebJobs.SweepUploads.Disabled=true",
        ],
        builder => builder.Services.AddSingleton<HttpPipelinePolicy>(faults).AddSingleton<TimeProvider>(clock));
}
