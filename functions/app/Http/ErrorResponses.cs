using System.Text.Json;
using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Vox.Http;

/// <summary>The one place that decides how an error looks: by the exception, and by the endpoint's documented shape.</summary>
public static class ErrorResponses
{
    /// <summary>The shape of <c>/api/user</c> in the guide, tables 4 and 7: 404 for the project's keys, 401 for everything about the user.</summary>
    private static readonly HashSet<string> UserEndpoints = new(StringComparer.Ordinal) { "CreateUser", "DeleteUser" };

    /// <summary>Every exception becomes an entry of the catalogue.</summary>
    public static VoxException Classify(Exception exception) => exception switch
    {
        VoxException known => known,
        BadHttpRequestException { StatusCode: 413 } e => new(Errors.BodyTooLarge, "The body is larger than this endpoint takes.", inner: e),
        BadHttpRequestException e => new(Errors.InvalidRequest, "The request could not be read: " + e.Message, inner: e),
        JsonException e => new(Errors.InvalidJson, "The body is not valid JSON.", inner: e),
        RequestFailedException { Status: 401 or 403 or 429 or >= 500 or 0 } e => new(Errors.StorageUnavailable, Errors.StorageUnavailable.Title, inner: e),
        AggregateException { InnerException: RequestFailedException } e =>
            new(Errors.StorageUnavailable, Errors.StorageUnavailable.Title, inner: e),
        RequestFailedException { ErrorCode: "TableNotFound" } e => new(Errors.StorageUnavailable, Errors.StorageUnavailable.Title, inner: e),
        Azure.Identity.AuthenticationFailedException e => new(Errors.StorageUnavailable, Errors.StorageUnavailable.Title, inner: e),
        TimeoutException e => new(Errors.Busy, Errors.Busy.Title, inner: e),
        _ => new(Errors.Internal, Errors.Internal.Title, inner: exception),
    };

    /// <param name="function">The name of the function that answers.</param>
    public static IActionResult For(string function, VoxException exception)
    {
        var error = exception.Error;
        return function switch
        {
            "GetChatHistory" => VendorData(error.Status, exception.Message),
            "SendChat" or "SendChatUnderApi" => VendorStatus(error.Status, exception.Message),
            _ when UserEndpoints.Contains(function) => VendorData(UserStatus(error), exception.Message),
            _ => Problem(error, exception),
        };
    }

    private static int UserStatus(Error error) => error switch
    {
        _ when error == Errors.InvalidProjectKeys || error == Errors.ProjectNotFound => 404,
        _ when error == Errors.UserExists || error == Errors.UserNotFound || error == Errors.InvalidField
            || error == Errors.MissingField || error == Errors.TooLong => 401,
        _ => error.Status,
    };

    private static IActionResult VendorData(int code, string message) =>
        WireResults.Json(new VendorResponse(new VendorData(code, message)), WireJson.Wire.VendorResponse, code);

    private static IActionResult VendorStatus(int code, string message) =>
        WireResults.Json(new VendorStatus(message, code), WireJson.Wire.VendorStatus, code);

    /// <summary>RFC 9457 problem details, with our code, field and whether to retry as extension members.</summary>
    private static IActionResult Problem(Error error, VoxException exception) =>
        WireResults.Json(
            new ProblemDetailsResponse($"urn:vox:error:{error.Code}", error.Title, error.Status, exception.Message, error.Code, exception.Field, error.Retryable),
            WireJson.Wire.ProblemDetailsResponse, error.Status, "application/problem+json");
}
