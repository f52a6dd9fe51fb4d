using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Security;

/// <summary>
/// PBKDF2-HMAC-SHA512 (RFC 8018) with the parameters in the stored text: <c>pbkdf2-sha512$210000$salt$hash</c>, base64.
/// </summary>
/// <param name="options">The parameters for new passwords.</param>
/// <param name="atOnce">How many hashes this hasher makes at once; 0: as many as there are cores.</param>
public sealed class PasswordHasher(IOptions<SecurityOptions> options, int atOnce = 0)
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // A hash keeps a core busy for some 50 ms: more at once than there are cores only makes all of them slower.
    // An endless queue would be a cheap way to bring the service down.
    private readonly SemaphoreSlim cores = new(atOnce > 0 ? atOnce : Math.Max(1, Environment.ProcessorCount));
    private int waiting;
    private const int MaxWaiting = 200;

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var iterations = options.Value.PasswordIterations;
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await DeriveAsync(password, salt, iterations, null, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture, $"pbkdf2-sha512${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <param name="stored">Null for a user who does not exist: the check takes as long, and is never true.</param>
    public Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellationToken) =>
        VerifyAsync(password, stored, null, cancellationToken);

    /// <param name="stored">Null for a user who does not exist: the check takes as long, and is never true.</param>
    /// <param name="before">Called when the wait in the queue is over. If it throws, nothing is hashed.</param>
    public async Task<bool> VerifyAsync(string password, string? stored, Action? before, CancellationToken cancellationToken)
    {
        if (stored?.Split('$') is not ["pbkdf2-sha512", var rounds, var salt, var expected])
        {
            await DeriveAsync(password, new byte[SaltBytes], options.Value.PasswordIterations, before, cancellationToken);
            return false;
        }

        var hash = await DeriveAsync(
            password, Convert.FromBase64String(salt), int.Parse(rounds, CultureInfo.InvariantCulture), before, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(expected));
    }

    private async Task<byte[]> DeriveAsync(
        string password, byte[] salt, int iterations, Action? before, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new VoxException(Errors.Busy, "Too many log-ins at once: try again shortly.");
        }

        try
        {
            await cores.WaitAsync(cancellationToken);
            try
            {
                before?.Invoke();
                return await Task.Run(
                    () => Rfc2898DeriveBytes.Pbkdf2(
                        Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, HashBytes),
                    cancellationToken);
            }
            finally
            {
                cores.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }
}
