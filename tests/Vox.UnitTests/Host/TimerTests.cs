using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Vox.DevHost.Timers;

namespace Vox.Tests.Host;

public sealed class TimerTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 30, TimeSpan.Zero));
    private readonly MemoryLeases leases = new();
    private readonly Channel<Run> runs = Channel.CreateUnbounded<Run>();

    [Fact]
    public async Task Timer_EveryMinute_RunsWhenItIsDueAndKnowsItsSchedule()
    {
        await using var app = await StartAsync(typeof(EveryMinute));

        var first = await NextRunAsync();
        var second = await NextRunAsync();

        Assert.Equal((Time(12, 1), Time(12, 2)), (first.Next, second.Next));
        Assert.InRange(first.At, Time(12, 1), Time(12, 2));
        Assert.False(second.Info.IsPastDue);
        Assert.Equal((default, Time(12, 1)), (first.Info.ScheduleStatus!.Last, second.Info.ScheduleStatus!.Last));
        Assert.Equal((Time(12, 1), Time(12, 2)), (second.Info.ScheduleStatus!.Last, second.Info.ScheduleStatus.Next));
        Assert.False(second.SawHttp);
    }

    [Fact]
    public async Task Timer_WithRunOnStartup_RunsAtOnce()
    {
        await using var app = await StartAsync(typeof(OnStartup));

        var run = await runs.Reader.ReadAsync();

        Assert.Equal(time.GetUtcNow().UtcDateTime, run.At);
    }

    [Fact]
    public async Task Timer_AfterTheMachineSlept_RunsOnceAndIsPastDue()
    {
        await using var app = await StartAsync(typeof(EveryMinute));
        await NextRunAsync();
        await UntilAsync(() => time.GetUtcNow().Second == 30);

        time.Advance(TimeSpan.FromHours(1));
        var late = await NextRunAsync();
        var next = await NextRunAsync();

        Assert.Equal((true, false), (late.Info.IsPastDue, next.Info.IsPastDue));
        Assert.True(next.Next - late.Next > TimeSpan.FromMinutes(58));
    }

    [Fact]
    public async Task Timer_ThatThrows_RunsAgain()
    {
        await using var app = await StartAsync(typeof(Throwing));

        Assert.Equal(Time(12, 1), (await NextRunAsync()).Next);
        Assert.Equal(Time(12, 2), (await NextRunAsync()).Next);
    }

    [Fact]
    public async Task Schedule_FromASetting_Resolves()
    {
        var builder = Builder(typeof(BySetting));
        builder.Configuration["Schedule"] = "0 2 12 * * *";
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Equal(Time(12, 2), (await NextRunAsync()).Next);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("every day")]
    [InlineData("*/5 * * * *")]
    public async Task Schedule_MissingOrMalformed_DisablesOnlyThatFunction(string? schedule)
    {
        var builder = Builder(typeof(BySetting), typeof(EveryMinute));
        builder.Configuration["Schedule"] = schedule;
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Equal(nameof(EveryMinute), (await NextRunAsync()).Function);
        Assert.Equal([$"vox.unittests/{typeof(EveryMinute).FullName}.Run"], leases.Held, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Timer_OfTwoProcesses_RunsInOneAndMovesToTheOtherWhenThatStops()
    {
        var first = await StartAsync(typeof(EveryMinute));
        await using var second = await HostedApp.StartAsync(Builder(typeof(EveryMinute)));

        var before = new[] { await NextRunAsync(), await NextRunAsync() };
        await first.DisposeAsync();
        var after = await NextRunAsync();

        Assert.Equal([Time(12, 1), Time(12, 2)], before.Select(r => r.Next));
        Assert.Same(before[0].Host, before[1].Host);
        Assert.NotSame(before[0].Host, after.Host);
    }

    [Fact]
    public async Task Timer_ThatLosesItsLease_StopsUntilItHasItAgain()
    {
        await using var app = await StartAsync(typeof(EveryMinute));
        await NextRunAsync();
        var attempts = leases.Attempts;

        await leases.BreakAsync();

        await NextRunAsync();
        Assert.True(leases.Attempts > attempts);
    }

    [Fact]
    public async Task Timer_WhileStorageIsUnreachable_WaitsAndTriesAgain()
    {
        leases.IsReachable = false;
        await using var app = await HostedApp.StartAsync(Builder(typeof(EveryMinute)));
        await UntilAsync(() => leases.Attempts > 2);
        Assert.False(runs.Reader.TryPeek(out _));

        leases.IsReachable = true;

        Assert.Equal(nameof(EveryMinute), (await NextRunAsync()).Function);
    }

    [Fact]
    public async Task App_WithoutTimers_NeverAsksForALease()
    {
        await using (await HostedApp.StartAsync(Builder(typeof(NoTimer))))
        {
        }

        Assert.Equal(0, leases.Attempts);
    }

    [Theory]
    [InlineData("everyminute", "local-master-key", "{}", "application/json", 202)]
    [InlineData("Throwing", "local-master-key", "{}", "application/json", 202)]
    [InlineData("EveryMinute", null, "{}", "application/json", 401)]
    [InlineData("EveryMinute", "wrong", "{}", "application/json", 401)]
    [InlineData("EveryMinute", "local-function-key", "{}", "application/json", 403)]
    [InlineData("Unknown", "local-master-key", "{}", "application/json", 404)]
    [InlineData("EveryMinute", "local-master-key", "{}", "text/plain", 415)]
    [InlineData("EveryMinute", "local-master-key", "{", "application/json", 400)]
    [InlineData("EveryMinute", "local-master-key", "", "application/json", 400)]
    public async Task AdminRun_OfAFunction_AnswersAsThePlatform(string name, string? key, string body, string contentType, int status)
    {
        await using var app = await HostedApp.StartAsync(Builder(typeof(EveryMinute), typeof(Throwing)));
        if (key is not null)
        {
            app.Client.DefaultRequestHeaders.Add("x-functions-key", key);
        }

        using var content = new StringContent(body, System.Text.Encoding.UTF8, contentType);

        var answer = await app.SendAsync(HttpMethod.Post, $"/admin/functions/{name}", content);

        Assert.Equal(((HttpStatusCode)status, ""), answer);
        if (status == 202)
        {
            Assert.Equal(name, (await runs.Reader.ReadAsync()).Function, ignoreCase: true);
        }
    }

    [Fact]
    public async Task AdminStatus_WithTheMasterKey_IsRunning()
    {
        await using var app = await HostedApp.StartAsync(Builder(typeof(NoTimer)));

        Assert.Equal((HttpStatusCode.OK, """{"state":"Running"}"""), await app.GetAsync("/admin/host/status?code=local-master-key"));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await app.GetAsync("/admin/host/status"));
    }

    private static DateTime Time(int hour, int minute) => new(2026, 3, 1, hour, minute, 0, DateTimeKind.Utc);

    private FunctionsApplicationBuilder Builder(params Type[] functions)
    {
        var builder = HostedApp.Builder(functions);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<ITimerLeases>(leases);
        builder.Services.AddSingleton(new Recorder(runs.Writer, time));
        return builder;
    }

    private async Task<HostedApp> StartAsync(params Type[] functions)
    {
        var app = await HostedApp.StartAsync(Builder(functions));
        await UntilAsync(() => leases.Held.Any(), stepClock: false);
        return app;
    }

    private async Task<Run> NextRunAsync()
    {
        await UntilAsync(() => runs.Reader.TryPeek(out _));
        return await runs.Reader.ReadAsync();
    }

    // Small steps, because the host arms its next timer on its own thread.
    private async Task UntilAsync(Func<bool> condition, bool stepClock = true)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            if (stepClock)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>One run: <paramref name="Host"/> tells the processes of a test apart.</summary>
    public sealed record Run(string Function, DateTime At, TimerInfo Info, object Host, bool SawHttp)
    {
        public DateTime Next => Info.ScheduleStatus!.Next;
    }

    public sealed class Recorder(ChannelWriter<Run> runs, TimeProvider time)
    {
        public void Add(string function, TimerInfo info, FunctionContext context) => runs.TryWrite(new Run(
            function,
            time.GetUtcNow().UtcDateTime,
            info,
            context.InstanceServices.GetRequiredService<IHostApplicationLifetime>(),
            context.GetHttpContext() is not null));
    }

    public sealed class EveryMinute(Recorder recorder)
    {
        [Function("EveryMinute")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, FunctionContext context)
            => recorder.Add(nameof(EveryMinute), timer, context);
    }

    public sealed class OnStartup(Recorder recorder)
    {
        [Function("OnStartup")]
        public Task Run(
            [TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, FunctionContext context, CancellationToken cancellation)
        {
            recorder.Add(nameof(OnStartup), timer, context);
            return Task.Delay(0, cancellation);
        }
    }

    public sealed class Throwing(Recorder recorder)
    {
        [Function("Throwing")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, FunctionContext context)
        {
            recorder.Add(nameof(Throwing), timer, context);
            throw new InvalidOperationException();
        }
    }

    public sealed class BySetting(Recorder recorder)
    {
        [Function("BySetting")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer, FunctionContext context)
            => recorder.Add(nameof(BySetting), timer, context);
    }

    public sealed class NoTimer
    {
        [Function("NoTimer")]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => _ = request;
    }
}
