using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Tests.Fixture;

/// <summary>A storage that fails as the test says: before a request has reached it, or afterwards, so that the answer is lost.</summary>
public sealed class StorageFaults : HttpPipelinePolicy
{
    /// <summary>What to do with a request, by its method, path and body; null lets it pass.</summary>
    public Func<string, Fault>? Choose { get; set; }

    /// <summary>How long a request is held up first. The request is described in the same way.</summary>
    public Func<string, TimeSpan>? Delay { get; set; }

    /// <summary>The task that a request waits for first.</summary>
    public Func<string, Task>? Hold { get; set; }

    public ConcurrentDictionary<Fault, int> Counts { get; } = new();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = await DescribeAsync(message);
        if (Delay?.Invoke(request) is { } delay)
        {
            await Task.Delay(delay);
        }

        if (Hold?.Invoke(request) is { } until)
        {
            await until;
        }

        var fault = Choose?.Invoke(request) ?? Fault.None;
        if (fault is (Fault.ConflictBefore or Fault.ConflictAfter or Fault.OvertakenBefore or Fault.OvertakenAfter)
            && !IsConditional(message.Request))
        {
            // Such a request has nothing to conflict with.
            fault = Fault.None;
        }

        Counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
        if (fault is not (Fault.RefusedBefore or Fault.BrokenBefore or Fault.FailedBefore or Fault.ConflictBefore or Fault.OvertakenBefore))
        {
            await ProcessNextAsync(message, pipeline);
        }

        if (fault is not Fault.None && message.HasResponse)
        {
            message.Response.Dispose();
        }

        var id = message.Request.ClientRequestId;
        switch (fault)
        {
            case Fault.RefusedBefore or Fault.RefusedAfter:
                message.Response = new Refusal(id, 503);
                break;
            case Fault.FailedBefore or Fault.FailedAfter:
                message.Response = new Refusal(id, 500);
                break;
            case Fault.ConflictBefore or Fault.ConflictAfter:
                message.Response = Refusal.Of(message.Request, 409, "EntityAlreadyExists");
                break;
            case Fault.OvertakenBefore or Fault.OvertakenAfter:
                message.Response = Refusal.Of(message.Request, 412, "UpdateConditionNotSatisfied");
                break;
            case Fault.BrokenBefore or Fault.BrokenAfter:
                throw new IOException("The connection was cut by the test.");
            case Fault.TimedOutAfter:
                throw new TaskCanceledException("The wait was ended by the test.");
            case Fault.None:
            default:
                break;
        }
    }

    /// <summary>A transaction, or a change that names a version. Only these can conflict with somebody else's change.</summary>
    private static bool IsConditional(Request request) =>
        IsBatch(request) || (request.Headers.TryGetValue("If-Match", out var version) && version != "*");

    private static bool IsBatch(Request request) => request.Uri.ToUri().AbsolutePath.EndsWith("$batch", StringComparison.Ordinal);

    private static async Task<string> DescribeAsync(HttpMessage message)
    {
        var text = $"{message.Request.Method} {message.Request.Uri}";
        if (message.Request.Content is { } content)
        {
            using var body = new MemoryStream();
            await content.WriteToAsync(body, CancellationToken.None);
            text += ' ' + System.Text.Encoding.UTF8.GetString(body.ToArray());
        }

        return text;
    }

    private sealed class Refusal(string clientRequestId, int status, string body = "{}", string? contentType = null) : Response
    {
        public override int Status => status;

        public override string ReasonPhrase => "Refused by the test";

        /// <summary>Set here, because the transport does not run and cannot set it.</summary>
        public override bool IsError => status >= 400;

        public override Stream? ContentStream { get; set; } = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));

        public override string ClientRequestId { get; set; } = clientRequestId;

        /// <summary>
        /// The refusal in the storage's own form: a transaction is accepted, and the answer says that its first operation failed.
        /// </summary>
        public static Refusal Of(Request request, int status, string code)
        {
            var error = $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"0:Said by the test."}}}""";
            var part = string.Join(
                "\r\n",
                "--batchresponse_1", "Content-Type: multipart/mixed; boundary=changesetresponse_1", "",
                "--changesetresponse_1", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
                $"HTTP/1.1 {status} Refused", "Content-Type: application/json", "", error,
                "--changesetresponse_1--", "--batchresponse_1--", "");
            return IsBatch(request)
                ? new Refusal(request.ClientRequestId, 202, part, "multipart/mixed; boundary=batchresponse_1")
                : new Refusal(request.ClientRequestId, status, error, "application/json");
        }

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
            contentType is null ? [] : [new HttpHeader("Content-Type", contentType)];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
            (value = name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? contentType : null) is not null;

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values) =>
            (values = TryGetHeader(name, out var value) ? [value] : null) is not null;
    }
}

public enum Fault
{
    None,

    /// <summary>503.</summary>
    RefusedBefore,
    RefusedAfter,
    BrokenBefore,
    BrokenAfter,
    TimedOutAfter,

    /// <summary>500.</summary>
    FailedBefore,
    FailedAfter,

    /// <summary>409, only where a row is added together with others.</summary>
    ConflictBefore,
    ConflictAfter,

    /// <summary>412, only where a version is named.</summary>
    OvertakenBefore,
    OvertakenAfter,
}
