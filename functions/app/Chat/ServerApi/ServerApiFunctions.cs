using Microsoft.Azure.Functions.Worker;

namespace Vox.Chat.ServerApi;

/// <summary>What the server API does by itself.</summary>
public sealed class ServerApiFunctions(IdempotencyService idempotency)
{
    /// <summary>Every hour: removes the answers to requests with an idempotency key, a day to two days after they were given.</summary>
    [Function("SweepIdempotencyKeys")]
    public Task SweepIdempotencyKeys([TimerTrigger("0 12 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        idempotency.SweepAsync(cancellationToken);
}
