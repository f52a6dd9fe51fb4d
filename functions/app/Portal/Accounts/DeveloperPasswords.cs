using Microsoft.Extensions.Options;
using Vox.Platform.Security;

namespace Vox.Portal.Accounts;

/// <summary>
/// Hashes the passwords of developers, in a queue of its own: when many users of some project log in at once, or somebody guesses there,
/// no developer waits behind them.
/// </summary>
public sealed class DeveloperPasswords(IOptions<SecurityOptions> options)
{
    private readonly PasswordHasher hasher = new(options, Math.Max(1, Environment.ProcessorCount / 2));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) => hasher.HashAsync(password, cancellationToken);

    /// <param name="stored">Null for an account that does not exist: the check takes as long, and is never true.</param>
    public Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellationToken) =>
        hasher.VerifyAsync(password, stored, cancellationToken);
}
