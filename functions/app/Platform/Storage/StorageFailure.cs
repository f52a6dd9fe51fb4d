using Azure;
using Azure.Data.Tables;
using Azure.Identity;

namespace Vox.Platform.Storage;

/// <summary>What exceptions of storage mean, for code that does not know its SDK.</summary>
internal static class StorageFailure
{
    /// <summary>Storage refused a request, or did not answer.</summary>
    public static bool IsAny(Exception exception) => exception is RequestFailedException;

    /// <summary>Storage did not answer, or answered with a fault of its own: the request may have taken effect all the same.</summary>
    public static bool IsUnanswered(Exception exception) => exception is
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 }
            or TimeoutException or OperationCanceledException or AggregateException;

    /// <summary>Storage cannot be used now. Answers that a store expects (404, 409, 412) never get this far.</summary>
    public static bool IsUnavailable(Exception exception) => exception is
        RequestFailedException { Status: 401 or 403 or 429 or >= 500 or 0 }
        or RequestFailedException { ErrorCode: "TableNotFound" }
        or AggregateException { InnerException: RequestFailedException }
        or AuthenticationFailedException;

    /// <summary>Another writer was faster: a row of the transaction has changed, or exists already.</summary>
    public static bool IsConflict(Exception exception) => exception is TableTransactionFailedException { Status: 409 or 412 };

    /// <summary>What storage answered, such as <c>storage 503 ServerBusy</c>; null when the failure has nothing to do with it.</summary>
    public static string? CodeOf(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 } => "storage did not answer",
        RequestFailedException e => $"storage {e.Status} {e.ErrorCode}".TrimEnd(),
        AggregateException { InnerException: { } inner } => CodeOf(inner),
        _ => null,
    };
}
