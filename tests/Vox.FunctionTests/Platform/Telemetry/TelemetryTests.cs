using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Vox.Platform.Telemetry;
using Vox.Tests.Fixture;

namespace Vox.Tests.Telemetry;

public sealed class TelemetryTests(Backends backends)
{
    [Fact]
    public async Task Send_WithTheCallersTrace_SpansFunctionStorageAndPush()
    {
        var trace = ActivityTraceId.CreateRandom();
        var caller = ActivitySpanId.CreateRandom();
        using var spans = new Spans(trace);
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
        {
            Content = JsonContent.Create(new { to = "bob", data = "hello" })
        };
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");

        using var response = await alice.SendAsync(request);
        await backends.App.SettleAsync(project.Id);

        Assert.True(response.IsSuccessStatusCode);
        var function = Assert.Single(spans.All, s => s.OperationName == "SendMessage");
        Assert.Equal(caller, function.ParentSpanId);
        Assert.Equal(ActivityKind.Server, function.Kind);
        Assert.Equal(200, function.GetTagItem("http.response.status_code"));
        var commit = Assert.Single(spans.All, s => s.OperationName == "commit messages");
        Assert.Equal(function.SpanId, commit.ParentSpanId);
        Assert.Contains(spans.All, s => s.OperationName == "storage POST $batch" && s.ParentSpanId == commit.SpanId);
        Assert.Equal(2, spans.All.Count(s => s.OperationName == "push" && s.ParentSpanId == function.SpanId));

        // Names of users and conversations stay out.
        Assert.DoesNotContain(spans.All, s => s.DisplayName.Contains(project.Id, StringComparison.Ordinal)
            || s.TagObjects.Any(tag => tag.Value is string text
                && (text.Contains("alice", StringComparison.Ordinal) || text.Contains(project.Id, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Log_AfterASend_IsATraceOfItsOwn()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        using var others = new Spans(null);
        await using var app = await VoxApp.StartAsync(backends);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");

        await alice.SendChatAsync("bob", "hello");
        await app.SettleAsync(project.Id);

        Assert.DoesNotContain(spans.All, s => s.OperationName == "append to log");
        Assert.Contains(others.All, s => s.OperationName == "append to log" && s.ParentSpanId == default);
    }

    [Fact]
    public async Task Send_ManyAtOnceToOneConversation_AreCountedAndMeasured()
    {
        using var measured = new Measurements();
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => alice.SendMessageAsync("bob", $"message {i}", $"m{i}")));
        await alice.SendMessageAsync("bob", "message 0", "m0");
        await backends.App.SettleAsync(project.Id);

        // Other tests run at the same time, so these are lower bounds.
        Assert.True(measured["vox.messages.sent"] >= 20);
        Assert.True(measured["vox.messages.repeated"] >= 1);
        Assert.True(measured["vox.pushes.sent"] >= 40);
        Assert.True(measured["vox.commit.size"] >= 20);
        Assert.True(measured["vox.storage.requests"] > 5);
        Assert.True(measured["vox.storage.duration"] > 0);
        Assert.True(measured["vox.function.duration"] > 0);
        measured.Observe();
        Assert.Contains("vox.log.waiting", measured.Names);
        Assert.Contains("vox.log.oldest", measured.Names);
    }

    /// <summary>Finished spans of one trace, or of all.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> finished = new();
        private readonly ActivityListener listener;

        public Spans(ActivityTraceId? trace)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Instruments.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (trace is null || activity.TraceId == trace)
                    {
                        finished.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IReadOnlyCollection<Activity> All => finished;

        public void Dispose() => listener.Dispose();
    }

    private sealed class Measurements : IDisposable
    {
        private readonly ConcurrentDictionary<string, double> sums = new(StringComparer.Ordinal);
        private readonly MeterListener listener = new();

        public Measurements()
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == Instruments.Name)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((i, value, _, _) => Add(i, value));
            listener.SetMeasurementEventCallback<int>((i, value, _, _) => Add(i, value));
            listener.SetMeasurementEventCallback<double>((i, value, _, _) => Add(i, value));
            listener.Start();
        }

        public ICollection<string> Names => sums.Keys;

        public double this[string name] => sums.GetValueOrDefault(name);

        public void Observe() => listener.RecordObservableInstruments();

        public void Dispose() => listener.Dispose();

        private void Add(Instrument instrument, double value) => sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
    }
}
