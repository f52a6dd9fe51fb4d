using Azure.Core;
using Azure.Identity;

namespace Vox.Platform.Security;

/// <summary>Access tokens of Microsoft Entra for this app's own identity.</summary>
/// <param name="credential">For tests; otherwise the app's identity.</param>
public sealed class EntraTokens(TokenCredential? credential = null)
{
    private readonly Lazy<TokenCredential> identity = new(() => credential ?? new DefaultAzureCredential());

    /// <param name="scope">What the token is for, such as <c>https://signalr.azure.com/.default</c>.</param>
    /// <exception cref="NoIdentityException">This process has no usable identity.</exception>
    public async ValueTask<string> GetAsync(string scope, CancellationToken cancellationToken)
    {
        try
        {
            return (await identity.Value.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken)).Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new NoIdentityException(e);
        }
    }
}

internal sealed class NoIdentityException(Exception inner) : Exception(inner.Message, inner);
