using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Accounts;

/// <summary>Things that can be used once and for a limited time: links, sign-ins under way, solved captchas.</summary>
public sealed class OneTimeTokens(OneTimeTokenStore store, TimeProvider time)
{
    public const string Activation = "activation";
    public const string Reset = "reset";
    public const string SignIn = "signin";
    public const string Captcha = "captcha";

    /// <summary>For so long, an expired link of an activation can be exchanged for a new one.</summary>
    private static readonly TimeSpan Renewable = TimeSpan.FromDays(30);

    private const int MaxLength = 128;

    public async Task<string> CreateAsync(string kind, string subject, string value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var token = Secrets.NewToken();
        await TryRememberAsync(kind, token, subject, value, lifetime, cancellationToken);
        return token;
    }

    /// <returns>False when this very token is known already.</returns>
    public Task<bool> TryRememberAsync(
        string kind, string token, string subject, string value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        store.TryAddAsync(
            new OneTimeToken(kind, subject, value, 0, time.GetUtcNow() + lifetime, default, PortalKeys.OneTimeToken(kind, token)),
            cancellationToken);

    /// <summary>Looks at a token without using it up.</summary>
    /// <returns>Null when there is no such token, or it was used, or it has expired.</returns>
    public async Task<OneTimeToken?> FindAsync(string kind, string? token, CancellationToken cancellationToken) =>
        token is { Length: > 0 and <= MaxLength } && await store.FindAsync(kind, token, cancellationToken) is { } found
            && found.ExpiresAt > time.GetUtcNow()
            ? found
            : null;

    /// <summary>Also one that has expired, for as long as it is kept: for who asks for another.</summary>
    public async Task<OneTimeToken?> FindExpiredAsync(string kind, string? token, CancellationToken cancellationToken) =>
        token is { Length: > 0 and <= MaxLength } ? await store.FindAsync(kind, token, cancellationToken) : null;

    /// <summary>Uses a token up. Of several callers who try at once, one succeeds.</summary>
    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<OneTimeToken> UseAsync(string kind, string? token, CancellationToken cancellationToken) =>
        await FindAsync(kind, token, cancellationToken) is { } found && await TryUseAsync(found, cancellationToken)
            ? found
            : throw new VoxException(Errors.InvalidLink, "This link was used already or has expired: ask for a new one.", "token");

    /// <returns>False when somebody else was faster.</returns>
    public Task<bool> TryUseAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        store.TryRemoveAsync(token, cancellationToken);

    /// <summary>Counts an attempt before it is made, or changes the value.</summary>
    /// <returns>Null when somebody else was faster.</returns>
    public Task<OneTimeToken?> TryChangeAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        store.TryReplaceAsync(token, cancellationToken);

    /// <summary>Removes what has expired; links of activations a month later. A timer runs it.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await store.RemoveExpiredAsync(now, [Activation], cancellationToken);
        await store.RemoveExpiredAsync(now - Renewable, [], cancellationToken);
    }
}
