using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;

namespace Vox.Chat.People;

/// <summary>The caller's own profile, and the profiles and presence of others.</summary>
public sealed class ProfileFunctions(
    CallerReader callers, ProfileService profiles, PersonReader people, RateLimits limits, RequestBody body)
{
    private const int MaxIds = 200;

    [Function("GetProfile")]
    [ApiOperation("Profiles", "The caller's profile", Response = typeof(ProfileView))]
    public async Task<IActionResult> GetProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/profile")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await profiles.GetAsync(caller, cancellationToken), PeopleJson.Wire.ProfileView);
    }

    [Function("UpdateProfile")]
    [ApiOperation("Profiles", "Change the caller's profile", Request = typeof(ProfileRequest), Response = typeof(ProfileView))]
    public async Task<IActionResult> UpdateProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/profile")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var change = await body.ReadJsonAsync(request, PeopleJson.Wire.ProfileRequest, cancellationToken);
        return WireResults.Json(await profiles.UpdateAsync(caller, change, cancellationToken), PeopleJson.Wire.ProfileView);
    }

    [Function("LookUpUsers")]
    [ApiOperation("Profiles", "Profile and presence of users", Request = typeof(LookupRequest), Response = typeof(LookupResponse))]
    public async Task<IActionResult> LookUpUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/users/lookup")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var lookup = await body.ReadJsonAsync(request, PeopleJson.Wire.LookupRequest, cancellationToken);
        var ids = lookup.Ids ?? throw new VoxException(Errors.MissingField, "ids is missing.", "ids");
        if (ids.Count > MaxIds)
        {
            throw new VoxException(Errors.TooLong, $"ids may have at most {MaxIds} entries.", "ids");
        }

        limits.OfLookup(caller.Project.Id, caller.LoginId, ids.Count);
        var found = await people.ReadAsync(caller.Project, ids.Where(id => id is not null), caller.LoginId, cancellationToken);
        return WireResults.Json(new LookupResponse(found), PeopleJson.Wire.LookupResponse);
    }
}
