using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Platform.Http;

/// <summary>
/// Turns exceptions of HTTP functions into the documented responses. Other triggers rethrow, so that the platform sees the failure.
/// </summary>
internal sealed partial class ErrorMiddleware(
    ErrorResponses responses, StorageAdvice storage, ILogger<ErrorMiddleware> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.GetHttpContext() is { } http)
        {
            if (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException)
            {
                throw;
            }

            var error = ErrorResponses.Classify(e);
            if (error.Error == Errors.StorageUnavailable)
            {
                StorageFailed(e, context.FunctionDefinition.Name, storage.Explain(e));
            }
            else if (error.Error.Status >= 500 && error.Error != Errors.Restoring
                && (error.Error != Errors.Busy || error.InnerException is not null))
            {
                Failed(e, context.FunctionDefinition.Name, error.Error.Code);
            }
            else
            {
                Refused(context.FunctionDefinition.Name, error.Error.Code, error.Field);
            }

            if (error.Error.Retryable)
            {
                http.Response.Headers.RetryAfter = Math.Ceiling(error.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            if (error.Error == Errors.BodyTooLarge)
            {
                // The rest of the body is not read, so the client must not send its next request on this connection.
                http.Response.Headers.Connection = "close";
            }

            context.GetInvocationResult().Value = responses.For(context.FunctionDefinition.Name, error);
        }
    }

    [LoggerMessage(1000, LogLevel.Error, "{Function} failed: {Code}")]
    private partial void Failed(Exception exception, string function, string code);

    [LoggerMessage(1002, LogLevel.Error, "{Function} failed. {Advice}")]
    private partial void StorageFailed(Exception exception, string function, string advice);

    [LoggerMessage(1001, LogLevel.Information, "{Function} refused: {Code} {Field}")]
    private partial void Refused(string function, string code, string? field);
}
