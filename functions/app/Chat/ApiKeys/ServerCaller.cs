using Microsoft.AspNetCore.Http;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Limits;

namespace Vox.Chat.ApiKeys;

/// <summary>A customer's server, as its API key shows it.</summary>
public sealed record ServerCaller(Project Project, ApiKey Key, ClientAddress Address);

/// <summary>Finds the customer's server that calls: checks the API key in <c>Authorization: Bearer</c> and its scope.</summary>
public sealed class ServerCallers(ApiKeyService keys)
{
    /// <param name="scope">Of <see cref="ApiScopes"/>.</param>
    /// <exception cref="VoxException">invalid_api_key, address_not_allowed, missing_scope, too_many_requests</exception>
    public async Task<ServerCaller> ReadAsync(HttpRequest request, string scope, CancellationToken cancellationToken)
    {
        var header = request.Headers.Authorization.ToString();
        var text = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        var address = ClientAddress.Current;
        var (project, key) = await keys.AuthenticateAsync(text, address, cancellationToken);
        RequestNote.Set(request, project.Id, "server", key.Id);
        return key.Scopes.Contains(scope, StringComparer.Ordinal)
            ? new ServerCaller(project, key, address)
            : throw new VoxException(
                Errors.MissingScope, $"The API key does not have the scope {scope}: make one that has it in the developer portal.", scope);
    }
}
