using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Contacts;

/// <summary>The caller's contacts and blocked users.</summary>
public sealed class ContactFunctions(CallerReader callers, ContactService contacts, RateLimits limits, RequestBody body)
{
    [Function("GetContacts")]
    [ApiOperation("Contacts", "The caller's contacts with profile and presence", Response = typeof(ContactList))]
    public async Task<IActionResult> GetContacts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/contacts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await contacts.ListAsync(caller, cancellationToken), ContactJson.Wire.ContactList);
    }

    [Function("AddContact")]
    [ApiOperation("Contacts", "Add a contact", Request = typeof(ContactRequest), Response = typeof(ContactAdded))]
    public async Task<IActionResult> AddContact(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/contacts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var contact = await body.ReadJsonAsync(request, ContactJson.Wire.ContactRequest, cancellationToken);

        // The answer says whether there is such a user.
        limits.OfLookup(caller.Project.Id, caller.LoginId, 1);
        return WireResults.Json(await contacts.AddAsync(caller, contact.Id, cancellationToken), ContactJson.Wire.ContactAdded);
    }

    [Function("RemoveContact")]
    [ApiOperation("Contacts", "Remove a contact", Query = "id")]
    public async Task<IActionResult> RemoveContact(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/contacts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await contacts.RemoveAsync(caller, RequestFields.OfQuery(request).Exact("id"), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("GetBlocks")]
    [ApiOperation("Contacts", "Users that the caller has blocked", Response = typeof(BlockList))]
    public async Task<IActionResult> GetBlocks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/blocks")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await contacts.ListBlockedAsync(caller, cancellationToken), ContactJson.Wire.BlockList);
    }

    [Function("BlockUser")]
    [ApiOperation("Contacts", "Block a user: takes no messages from them, shows them no presence", Request = typeof(ContactRequest))]
    public async Task<IActionResult> BlockUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/blocks")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var other = await body.ReadJsonAsync(request, ContactJson.Wire.ContactRequest, cancellationToken);
        await contacts.BlockAsync(caller, other.Id, blocked: true, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("UnblockUser")]
    [ApiOperation("Contacts", "Unblock a user", Query = "id")]
    public async Task<IActionResult> UnblockUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/blocks")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await contacts.BlockAsync(caller, RequestFields.OfQuery(request).Exact("id"), blocked: false, cancellationToken);
        return WireResults.NoContent;
    }
}
