using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vox.Platform.Telemetry;
using Vox.Portal.Estimate;
using Vox.Tests.Fixture;

namespace Vox.Tests.Telemetry;

/// <summary>What reaches Application Insights: the real exporter sends, and a server of the test's own takes it in.</summary>
public sealed class SamplingTests(Backends backends)
{
    // The last eight bytes decide. These are in the lower and in the upper half.
    private const string Low = "3fffffffffffffff";
    private const string High = "bfffffffffffffff";

    private readonly string mark = Guid.NewGuid().ToString("N")[..16];

    [Fact]
    public async Task Requests_WithoutAnError_AreRecordedInPartAndStandForTheRest()
    {
        await using var insights = await Ingestion.StartAsync();
        await using (var app = await StartAsync(insights, percent: 50))
        {
            await GetAsync(app, Low);
            await GetAsync(app, High);
        }

        var kept = Assert.Single(insights.Of(mark));
        Assert.Equal((mark + Low, "RequestData", "200", "50"), (kept.Trace, kept.Type, kept.Code, kept.SampleRate));
    }

    [Fact]
    public async Task Requests_WithAnError_AreAllRecorded()
    {
        await using var insights = await Ingestion.StartAsync();
        await using (await StartAsync(insights, percent: 1))
        {
            for (var i = 0; i < 20; i++)
            {
                var caller = new ActivityContext(
                    ActivityTraceId.CreateFromString(mark + High), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded,
                    isRemote: true);
                using var span = Instruments.Source.StartActivity("SendMessage", ActivityKind.Server, caller)!;
                span.SetTag("http.request.method", "POST");
                span.SetTag("http.response.status_code", 503);
                span.SetStatus(ActivityStatusCode.Error);
            }
        }

        var failed = insights.Of(mark);
        Assert.Equal(20, failed.Count);
        Assert.All(failed, r => Assert.Equal(("RequestData", "503", "100"), (r.Type, r.Code, r.SampleRate)));
    }

    /// <summary>Each instance sends its metrics every minute, and they are paid for by the byte: docs/costs.md counts with these.</summary>
    [Fact]
    public async Task Metrics_OfAnInstance_AreThoseThatSomebodyAsksFor()
    {
        await using var insights = await Ingestion.StartAsync();
        await using (var app = await StartAsync(insights, percent: 100))
        {
            await GetAsync(app, Low);
        }

        var names = insights.Metrics;
        Assert.Contains("dotnet.process.memory.working_set", names);
        Assert.DoesNotContain("dotnet.jit.compilation.time", names);
        Assert.DoesNotContain("dotnet.gc.last_collection.heap.size", names);

        // Other tests of the process add rows of their own: the size of all says nothing here, that of one request does.
        Assert.InRange(insights.RequestBytes, 100, AzurePrices.TelemetryBytes);
    }

    private async Task GetAsync(VoxApp app, string end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health/live");
        request.Headers.Add("traceparent", $"00-{mark}{end}-{ActivitySpanId.CreateRandom()}-01");
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
    }

    private Task<VoxApp> StartAsync(Ingestion insights, int percent) => VoxApp.StartAsync(
        backends,
        [
            $"APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={insights.Address}",
            $"Telemetry:SuccessPercent={percent}",
        ]);

    private sealed record Item(string Trace, string Type, string? Code, string? SampleRate, string Name, long Bytes);

    private sealed class Ingestion : IAsyncDisposable
    {
        private readonly ConcurrentQueue<Item> items = new();
        private OutsideService service = null!;

        public string Address => service.Address;

        public IEnumerable<string> Metrics => items.Where(i => i.Type == "MetricData").Select(i => i.Name).Distinct();

        /// <summary>Bytes of the largest request.</summary>
        public long RequestBytes => items.Where(i => i.Type == "RequestData").Max(i => i.Bytes);

        public static async Task<Ingestion> StartAsync()
        {
            var ingestion = new Ingestion();
            ingestion.service = await OutsideService.StartAsync(async http =>
            {
                var count = await ingestion.TakeAsync(http.Request);
                await http.Response.WriteAsJsonAsync(new { itemsReceived = count, itemsAccepted = count, errors = Array.Empty<string>() });
            });
            return ingestion;
        }

        /// <summary>Requests of the traces that begin so. Other tests of the process have spans, too.</summary>
        public IReadOnlyList<Item> Of(string mark) => [.. items
            .Where(i => i.Trace.StartsWith(mark, StringComparison.Ordinal) && i.Type == "RequestData")];

        public ValueTask DisposeAsync() => service.DisposeAsync();

        private async Task<int> TakeAsync(HttpRequest request)
        {
            var body = request.Headers["Content-Encoding"] == "gzip"
                ? new GZipStream(request.Body, CompressionMode.Decompress)
                : request.Body;
            using var reader = new StreamReader(body);
            var count = 0;
            while (await reader.ReadLineAsync() is { } line)
            {
                count++;
                var item = JsonSerializer.Deserialize<JsonElement>(line);
                var data = item.GetProperty("data");
                items.Enqueue(new Item(
                    item.TryGetProperty("tags", out var tags) && tags.TryGetProperty("ai.operation.id", out var id) ? id.GetString()! : "",
                    data.GetProperty("baseType").GetString()!,
                    data.GetProperty("baseData").TryGetProperty("responseCode", out var code) ? code.GetString() : null,
                    data.GetProperty("baseData").TryGetProperty("properties", out var properties)
                        && properties.TryGetProperty("microsoft.sample_rate", out var rate) ? rate.GetString() : null,
                    data.GetProperty("baseData").TryGetProperty("metrics", out var metrics)
                        ? metrics[0].GetProperty("name").GetString()! : "",
                    line.Length));
            }

            return count;
        }
    }
}
