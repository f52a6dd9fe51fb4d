using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Chat.Vendor;
using Vox.Platform.Http;

namespace Vox.Chat.Users;

/// <summary>The vendor's REST API for users (guide 3.1 c and d).</summary>
public sealed class UserFunctions(ProjectService projects, UserService users, UserRemoval removal, RequestBody body)
{
    [Function("CreateUser")]
    [VendorOperation("Users", "Create a user", Response = typeof(VendorResponse),
        Fields = "projectid authtoken username password")]
    public async Task<IActionResult> CreateUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/user")] HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        var project = await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken);
        // The guide knows no shortest password. The project's own server calls here, and answers for the passwords that it gives.
        await users.CreateUserAsync(
            project with { MinPasswordLength = 1 }, fields["username", "user"], fields.Exact("password", "pass"), cancellationToken);
        return Done("User created");
    }

    [Function("DeleteUser")]
    [VendorOperation("Users", "Delete a user", Response = typeof(VendorResponse), Query = "projectid authtoken username")]
    public async Task<IActionResult> DeleteUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/user")] HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        var project = await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken);
        await users.DeleteUserAsync(project, fields["username", "user"], cancellationToken);
        return Done("User deleted");
    }

    /// <summary>Every five minutes: finishes deletions that a stopped process left half done.</summary>
    [Function("ResumeUserDeletions")]
    public Task ResumeUserDeletions([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        removal.ResumeAsync(cancellationToken);

    private static IActionResult Done(string message) =>
        WireResults.Json(new VendorResponse(new VendorData(200, message)), VendorJson.Wire.VendorResponse);
}
