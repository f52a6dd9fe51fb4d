using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Storage;

/// <summary>Counts every request that goes to storage, retries included. The budgets are asserted against it.</summary>
public sealed class StorageRequestCounter : HttpPipelineSynchronousPolicy
{
    private long count;

    /// <summary>Called for each request with its method and path; for tests and benchmarks.</summary>
    public Action<string, string>? Sent { get; set; }

    public long Count => Interlocked.Read(ref count);

    public override void OnSendingRequest(HttpMessage message)
    {
        Interlocked.Increment(ref count);
        Sent?.Invoke(message.Request.Method.Method, message.Request.Uri.ToUri().PathAndQuery);
    }
}
