using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Vox.DevHost.Rpc;

/// <summary>The conversation with one worker: the handshake, then any number of concurrent invocations and their responses.</summary>
internal sealed class WorkerChannel(HostConsole console)
{
    private static readonly WriteOptions MoreFollows = new(WriteFlags.BufferHint);

    private readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<IReadOnlyList<FunctionDescriptor>> functions = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private FunctionDescriptor[] loading = [];
    private int loaded;

    /// <summary>The worker's functions, ordered by name, once all are loaded.</summary>
    public Task<IReadOnlyList<FunctionDescriptor>> Functions => functions.Task;

    /// <summary>What the worker said about itself.</summary>
    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Talks to the worker until either side ends the stream.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellation)
    {
        var reading = ReadAsync(incoming, cancellation);
        await Task.WhenAny(WriteAsync(outgoing, cancellation), reading);
        EndInvocations();
    }

    /// <summary>Runs a function. Cancelling asks the worker to cancel; the response is still awaited.</summary>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellation)
    {
        var response = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        invocations[request.InvocationId] = response;
        if (!outgoing.Writer.TryWrite(new StreamingMessage { InvocationRequest = request }))
        {
            Fail(request.InvocationId, response);
        }

        await using (cancellation.UnsafeRegister(state => Cancel((string)state!), request.InvocationId))
        {
            return await response.Task;
        }
    }

    /// <summary>A ping: asks only whether the worker is alive.</summary>
    public void Ping(string requestId) =>
        outgoing.Writer.TryWrite(new StreamingMessage { RequestId = requestId, WorkerStatusRequest = new Empty() });

    /// <summary>Tells a worker in another process to stop its application, and ends the stream.</summary>
    public void Terminate(TimeSpan grace)
    {
        outgoing.Writer.TryWrite(
            new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });
        Close();
    }

    /// <summary>Ends the stream once everything written so far has left.</summary>
    public void Close() => outgoing.Writer.TryComplete();

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellation)
    {
        var reader = outgoing.Reader;
        while (await reader.WaitToReadAsync(cancellation))
        {
            // One flush for all messages that are waiting.
            while (reader.TryRead(out var message))
            {
                stream.WriteOptions = reader.TryPeek(out _) ? MoreFollows : WriteOptions.Default;
                await stream.WriteAsync(message, cancellation);
            }
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<StreamingMessage> stream, CancellationToken cancellation)
    {
        try
        {
            while (await stream.MoveNext(cancellation))
            {
                Take(stream.Current);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RpcException)
        {
            // The worker's process or our listener has ended.
        }
        catch (Exception e)
        {
            functions.TrySetException(e);
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (invocations.TryRemove(message.InvocationResponse.InvocationId, out var response))
                {
                    response.TrySetResult(message.InvocationResponse);
                }

                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                console.Write(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.StartStream:
                Send(new StreamingMessage { WorkerInitRequest = InitRequest() });
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                ThrowIfFailed(message.WorkerInitResponse.Result, "The worker does not start");
                Capabilities = message.WorkerInitResponse.Capabilities;
                Send(new StreamingMessage
                {
                    FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = AppContext.BaseDirectory }
                });
                break;
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
                Load(message.FunctionMetadataResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                ThrowIfFailed(message.FunctionLoadResponse.Result, $"Function {message.FunctionLoadResponse.FunctionId} does not load");
                if (++loaded == loading.Length)
                {
                    functions.TrySetResult(loading);
                }

                break;
            default:
                // The worker answers a cancellation with a message without content, and a ping with an empty one.
                break;
        }
    }

    private void Load(FunctionMetadataResponse response)
    {
        ThrowIfFailed(response.Result, "The worker cannot tell its functions");
        loading = FunctionDescriptor.Of(response.FunctionMetadataResults);
        if (loading.Length == 0)
        {
            functions.TrySetResult(loading);
        }

        foreach (var function in loading)
        {
            Send(new StreamingMessage { FunctionLoadRequest = function.LoadRequest });
        }
    }

    private static WorkerInitRequest InitRequest() => new()
    {
        HostVersion = "4.0.0",
        WorkerDirectory = AppContext.BaseDirectory,
        FunctionAppDirectory = AppContext.BaseDirectory,
    };

    private static void ThrowIfFailed(StatusResult result, string sentence)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"{sentence}: {result.Exception?.Message} {result.Exception?.StackTrace}");
        }
    }

    private void Send(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        outgoing.Writer.TryWrite(message);
    }

    private void Cancel(string invocationId) =>
        outgoing.Writer.TryWrite(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } });

    private void EndInvocations()
    {
        Close();
        functions.TrySetException(new InvalidOperationException("The worker ended its stream before its functions were loaded."));
        foreach (var (id, response) in invocations)
        {
            Fail(id, response);
        }
    }

    private void Fail(string invocationId, TaskCompletionSource<InvocationResponse> response)
    {
        invocations.TryRemove(invocationId, out _);
        response.TrySetResult(new InvocationResponse
        {
            InvocationId = invocationId,
            Result = new StatusResult
            {
                Status = StatusResult.Types.Status.Failure,
                Exception = new WorkerException { Message = "The worker is gone." }
            },
        });
    }
}
