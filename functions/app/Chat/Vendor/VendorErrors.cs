using Microsoft.AspNetCore.Mvc;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.Vendor;

/// <summary>How the endpoints of the vendor's guide show errors.</summary>
internal static class VendorErrors
{
    /// <summary><c>{"data":{"code":401,"message":"…"}}</c> (guide, table 29).</summary>
    public static IActionResult Data(VoxException exception) => Data(exception.Error.Status, exception.Message);

    /// <summary>
    /// The same for <c>/api/user</c> (guide, tables 4 and 7): 404 for the project's keys, 401 for everything about the user.
    /// </summary>
    public static IActionResult UserData(VoxException exception) => Data(UserStatus(exception.Error), exception.Message);

    /// <summary><c>{"status":"…","code":400}</c> (guide, table 13).</summary>
    public static IActionResult Status(VoxException exception)
    {
        var code = exception.Error.Status;
        return WireResults.Json(new VendorStatus(exception.Message, code), VendorJson.Wire.VendorStatus, code);
    }

    private static IActionResult Data(int code, string message) =>
        WireResults.Json(new VendorResponse(new VendorData(code, message)), VendorJson.Wire.VendorResponse, code);

    private static int UserStatus(Error error) => error switch
    {
        _ when error == Errors.InvalidProjectKeys || error == Errors.ProjectNotFound => 404,
        _ when error == Errors.UserExists || error == Errors.UserNotFound || error == Errors.InvalidField
            || error == Errors.MissingField || error == Errors.TooLong => 401,
        _ => error.Status,
    };
}
