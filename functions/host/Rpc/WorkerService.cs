using Grpc.Core;

namespace Vox.DevHost.Rpc;

/// <summary>The one call that a worker makes, for as long as it lives.</summary>
internal sealed class WorkerService(WorkerChannel channel) : FunctionRpc.FunctionRpcBase
{
    public override Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context) =>
        channel.RunAsync(requestStream, responseStream, context.CancellationToken);
}
