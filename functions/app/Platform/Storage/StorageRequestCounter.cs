using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using Vox.Platform.Telemetry;

namespace Vox.Platform.Storage;

/// <summary>
/// Counts every request that goes to storage, retries included; tests check budgets against it. Each request is also recorded as a span
/// and in the metrics.
/// </summary>
public sealed class StorageRequestCounter : HttpPipelinePolicy
{
    private long count;

    /// <summary>Called for each request with its method and path; for tests and benchmarks.</summary>
    public Action<string, string>? Sent { get; set; }

    public long Count => Interlocked.Read(ref count);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = Begin(message);
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            End(message, request);
        }
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        Instruments.Source.HasListeners() || Instruments.StorageRequests.Enabled
            ? ObserveAsync(message, pipeline)
            : CountAsync(message, pipeline);

    private async ValueTask ObserveAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = Begin(message);
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            End(message, request);
        }
    }

    private ValueTask CountAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Count1(message);
        return ProcessNextAsync(message, pipeline);
    }

    private void Count1(HttpMessage message)
    {
        Interlocked.Increment(ref count);
        Sent?.Invoke(message.Request.Method.Method, message.Request.Uri.ToUri().PathAndQuery);
    }

    private (Activity? Activity, long Began) Begin(HttpMessage message)
    {
        Count1(message);
        var activity = Instruments.Source.HasListeners()
            ? Instruments.Source.StartActivity($"storage {message.Request.Method} {Resource(message.Request.Uri)}", ActivityKind.Client)
            : null;
        activity?.SetTag("server.address", message.Request.Uri.Host);
        activity?.SetTag("http.request.method", message.Request.Method.Method);
        return (activity, Stopwatch.GetTimestamp());
    }

    private static void End(HttpMessage message, (Activity? Activity, long Began) request)
    {
        // 0 means no answer.
        var status = message.HasResponse ? message.Response.Status : 0;
        if (request.Activity is { } activity)
        {
            activity.SetTag("http.response.status_code", status);

            // A row that is missing, exists already or has changed is an answer, not a fault.
            if (status is 0 or 401 or 403 or 429 or >= 500)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }

            activity.Dispose();
        }

        var tags = new TagList { { "method", message.Request.Method.Method }, { "status", status } };
        Instruments.StorageRequests.Add(1, tags);
        Instruments.StorageDuration.Record(Stopwatch.GetElapsedTime(request.Began).TotalSeconds, tags);
        if (status is 429 or 503)
        {
            Instruments.StorageThrottled.Add(1);
        }
    }

    /// <summary>The table or container only: the rest of the path names users and conversations.</summary>
    private static string Resource(RequestUriBuilder uri)
    {
        var path = uri.Path.AsSpan().TrimStart('/');

        // Azurite's paths begin with the account.
        if (path.StartsWith("devstoreaccount1/", StringComparison.Ordinal))
        {
            path = path["devstoreaccount1/".Length..];
        }

        return path.IndexOfAny('(', '/') is var end and >= 0 ? path[..end].ToString() : path.ToString();
    }
}
