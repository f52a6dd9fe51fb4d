using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Platform.Http;

/// <summary>The only place that decides how an error looks: by the exception, and by the endpoint's documented shape.</summary>
internal sealed class ErrorResponses(IOptions<ErrorShapes> shapes)
{
    /// <summary>Every exception becomes an entry of the catalogue.</summary>
    public static VoxException Classify(Exception exception) => exception switch
    {
        VoxException known => known,
        BadHttpRequestException { StatusCode: 413 } e => new(Errors.BodyTooLarge, "The body is larger than this endpoint takes.", inner: e),
        BadHttpRequestException e => new(Errors.InvalidRequest, "The request could not be read: " + e.Message, inner: e),
        JsonException e => new(Errors.InvalidJson, "The body is not valid JSON.", inner: e),
        _ when StorageFailure.IsUnavailable(exception) => new(Errors.StorageUnavailable, Errors.StorageUnavailable.Title, inner: exception),
        TimeoutException e => new(Errors.Busy, Errors.Busy.Title, inner: e),
        _ => new(Errors.Internal, Errors.Internal.Title, inner: exception),
    };

    /// <param name="function">The name of the function that answers.</param>
    public IActionResult For(string function, VoxException exception) =>
        shapes.Value.Find(function) is { } shape ? shape(exception) : Problem(exception);

    /// <summary>RFC 9457 problem details, with our code, field and whether to retry as extension members.</summary>
    private static IActionResult Problem(VoxException exception)
    {
        var error = exception.Error;
        return WireResults.Json(
            new ProblemDetailsResponse(
                $"urn:vox:error:{error.Code}", error.Title, error.Status, exception.Message, error.Code, exception.Field, error.Retryable),
            HttpJson.Wire.ProblemDetailsResponse, error.Status, "application/problem+json");
    }
}
