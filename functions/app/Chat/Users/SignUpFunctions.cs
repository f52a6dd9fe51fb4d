using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Users;

/// <summary>Lets users sign up by themselves, in projects that allow it.</summary>
public sealed class SignUpFunctions(ProjectService projects, SignUpService signUps, RequestBody body)
{
    [Function("SignUpUser")]
    [ApiOperation("Users", "Create a user from a web page, where the project is open for it", Request = typeof(SignUpRequest),
        Response = typeof(SignUpResponse), Anonymous = true)]
    public async Task<IActionResult> SignUpUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/users")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var user = await body.ReadJsonAsync(request, UserJson.Wire.SignUpRequest, cancellationToken);
        if (string.IsNullOrEmpty(user.ProjectId))
        {
            throw new VoxException(Errors.MissingField, "projectId is missing or blank.", "projectId");
        }

        var project = await projects.GetAsync(user.ProjectId, cancellationToken);
        ProjectOrigins.Check(request, project);
        var created = await signUps.SignUpAsync(project, user.LoginId, user.Password, cancellationToken);
        return WireResults.Json(new SignUpResponse(created.LoginId), UserJson.Wire.SignUpResponse);
    }
}
