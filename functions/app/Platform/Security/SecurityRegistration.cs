using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Security;

internal static class SecurityRegistration
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<SecurityOptions>().BindConfiguration(SecurityOptions.Section).ValidateDataAnnotations()
            .Validate(
                o => o.KeyVaultKey is not { } key
                    || (key.IsAbsoluteUri && (key.Scheme == Uri.UriSchemeHttps || key.IsLoopback)
                        && key.Segments is [_, "keys/", _, ..]),
                "Security:KeyVaultKey must be the address of a key, such as https://example.vault.azure.net/keys/data-protection.")
            .ValidateOnStart();
        services.AddOptions<SigningKeyOptions>().BindConfiguration(SigningKeyOptions.Section)
            .Validate(o => o.IsStrong(), "Sessions:SigningKey must be base64 of at least 32 bytes.").ValidateOnStart();
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<EntraTokens>();
        services.AddSingleton(provider => new PasswordHasher(provider.GetRequiredService<IOptions<SecurityOptions>>()));
        services.AddSingleton<KeyVault>();
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<VerifiedCredentials>();
        services.AddSingleton<ISelfCheck, KeyVaultSelfCheck>();
        return services;
    }
}
