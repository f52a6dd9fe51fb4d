using Microsoft.AspNetCore.Http;

namespace Vox.SignalREmulation;

/// <summary>HEAD, GET, PUT and DELETE: who is connected, who is in which group, and closing a connection.</summary>
internal static class RestResources
{
    public static Task HandleAsync(HttpContext context, EmulatedHub hub, RestCall call)
    {
        var query = context.Request.Query;
        var accepted = call.IsV1 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        var noContent = call.IsV1 ? StatusCodes.Status202Accepted : StatusCodes.Status204NoContent;
        return (context.Request.Method, call.Path) switch
        {
            ("HEAD" or "GET", ["connections", var id]) => Found(hub.OfConnection(id).Length > 0, "Warning.Connection.NotExisted"),
            ("HEAD" or "GET", ["users", var user]) => Found(hub.OfUser(user).Length > 0, "Warning.User.NotExisted"),
            ("HEAD" or "GET", ["groups", var group]) => Found(hub.OfGroup(group).Length > 0, "Warning.Group.NotExisted"),
            ("HEAD" or "GET", ["users", var user, "groups", var group]) => Found(hub.IsUserInGroup(user, group), "Info.User.NotInGroup"),

            ("DELETE", ["connections", var id]) => Done(accepted, () => RestSends.Close(hub.OfConnection(id), query)),
            ("DELETE", ["connections", var id, "groups"]) => Done(StatusCodes.Status200OK, () => hub.RemoveConnectionFromAllGroups(id)),
            ("PUT", ["groups", var group, "connections", var id]) =>
                Found(hub.AddConnectionToGroup(id, group), "Error.Connection.NotExisted"),
            ("DELETE", ["groups", var group, "connections", var id])
                => Found(hub.RemoveConnectionFromGroup(id, group), "Error.Connection.NotExisted"),

            ("DELETE", ["users", var user, "groups"]) => Done(noContent, () => hub.RemoveUserFromAllGroups(user)),
            ("PUT", ["users", var user, "groups", var group]) =>
                Done(accepted, () => hub.AddUserToGroup(user, group, RestCall.TimeToLive(query))),
            ("DELETE", ["users", var user, "groups", var group]) => Done(noContent, () => hub.RemoveUserFromGroup(user, group)),
            _ => Done(StatusCodes.Status404NotFound, () => { }),
        };

        Task Found(bool found, string code) => found ? Task.CompletedTask : ServiceError.WriteNotFoundAsync(context, code);

        Task Done(int status, Action action)
        {
            action();
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }
}
