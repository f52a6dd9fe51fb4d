using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;

namespace Vox.Portal.Accounts;

/// <summary>
/// Proof of work instead of pictures, on our own servers. The challenge is signed and carries its expiry, so nothing is stored until
/// it is solved. Then it is remembered, so that each solution is accepted only once.
/// </summary>
public sealed class Captcha(SigningKeys keys, OneTimeTokens tokens, IOptions<PortalOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task<CaptchaChallenge> CreateAsync(CancellationToken cancellationToken)
    {
        var expires = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var key = await keys.CurrentAsync(cancellationToken);
        // The & at the end separates the number from the parameters: without it, its digits could be read as part of the last one.
        var salt = $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}?expires={expires}&kid={key.KeyId}&";
        var number = RandomNumberGenerator.GetInt32(options.Value.CaptchaWork);
        var challenge = Sha256(salt + number.ToString(CultureInfo.InvariantCulture));
        return new CaptchaChallenge("SHA-256", challenge, options.Value.CaptchaWork, salt, Sign(key, challenge));
    }

    /// <exception cref="VoxException">captcha_failed</exception>
    public async Task VerifyAsync(string? payload, CancellationToken cancellationToken)
    {
        var solution = Parse(payload);
        if (solution is not { Challenge: { } challenge, Salt: { } salt, Signature: { } signature }
            || Sha256(salt + solution.Number.ToString(CultureInfo.InvariantCulture)) != challenge
            || Parameter(salt, "expires") is not { } expires
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || until < time.GetUtcNow().ToUnixTimeSeconds()
            || await keys.FindAsync(Parameter(salt, "kid"), cancellationToken) is not { } key
            || !Secrets.AreEqual(Sign(key, challenge), signature)
            || !await tokens.TryRememberAsync(OneTimeTokens.Captcha, challenge, "", "", Lifetime, cancellationToken))
        {
            throw new VoxException(
                Errors.CaptchaFailed, "The captcha was not solved, was used already or has expired: tick it again.", "captcha");
        }
    }

    private static CaptchaSolution? Parse(string? payload)
    {
        if (payload is not { Length: > 0 and <= 2_048 })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(Convert.FromBase64String(payload), AccountJson.Wire.CaptchaSolution);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? Parameter(string salt, string name) =>
        salt.Split('?') is [_, var query]
            ? query.Split('&').FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            : null;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Sign(SymmetricSecurityKey key, string challenge) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key.Key, Encoding.UTF8.GetBytes("captcha\n" + challenge)));
}
