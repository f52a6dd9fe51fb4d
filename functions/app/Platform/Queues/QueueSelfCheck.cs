using Azure;
using Azure.Identity;
using Vox.Platform.SelfChecks;
using Vox.Platform.Storage;

namespace Vox.Platform.Queues;

/// <summary>Makes each queue that is not there yet, and looks into it: what a missing role refuses.</summary>
internal sealed class QueueSelfCheck(QueueClients queues, IEnumerable<AppQueue> all, StorageAdvice advice) : ISelfCheck
{
    private const string Name = "queues";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(all.Select(queue => CheckAsync(queue, cancellationToken)));

    private async Task<Finding> CheckAsync(AppQueue queue, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var (name, waiting) = await queues.Queue(queue.Setting, queue.ByDefault).LookAsync(limit.Token);
            return new Finding(Name, FindingLevel.Ok, $"{name} ({queue.What}) can be used; {waiting} wait there.");
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new Finding(
                Name, FindingLevel.Error, $"The queue of {queue.What} cannot be used: they are not sent.", Remedy(e, queue.Setting));
        }
    }

    private string Remedy(Exception exception, string setting) => exception switch
    {
        RequestFailedException { Status: 403, ErrorCode: not ("AuthenticationFailed" or "KeyBasedAuthenticationNotPermitted") } =>
            "Give the app's identity the role Storage Queue Data Contributor on the account of the Functions host, "
            + "AzureWebJobsStorage (infra-bicep/modules/rbac.bicep); after an assignment it takes some minutes.",
        RequestFailedException { Status: 400 } =>
            $"The setting {setting} has a name that no queue can have: use 3 to 63 small letters, digits and hyphens.",
        AuthenticationFailedException or InvalidOperationException or RequestFailedException or OperationCanceledException =>
            "The queue is in the account that AzureWebJobsStorage names. " + advice.Explain(exception),
        _ => $"AzureWebJobsStorage cannot be used ({exception.GetType().Name}): set it to a connection string, or "
            + "AzureWebJobsStorage__accountName to the name of an account.",
    };
}
