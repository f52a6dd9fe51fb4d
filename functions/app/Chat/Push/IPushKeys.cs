namespace Vox.Chat.Push;

/// <summary>A key of Apple's for a project's app.</summary>
/// <param name="PrivateKey">PKCS#8, of the curve P-256.</param>
public sealed record AppleKey(string KeyId, string TeamId, string BundleId, byte[] PrivateKey);

/// <summary>A service account of Google's.</summary>
/// <param name="FirebaseProject">The id of the project in Firebase.</param>
/// <param name="PrivateKey">PEM.</param>
public sealed record GoogleAccount(string FirebaseProject, string ClientEmail, string KeyId, string PrivateKey);

/// <summary>The keys that the project's developers have uploaded. The portal implements it.</summary>
public interface IPushKeys
{
    /// <returns>Null when there is none that can be used.</returns>
    ValueTask<AppleKey?> AppleAsync(string projectId, CancellationToken cancellationToken);

    /// <inheritdoc cref="AppleAsync"/>
    ValueTask<GoogleAccount?> GoogleAsync(string projectId, CancellationToken cancellationToken);
}
