namespace Vox.Portal.PushKeys;

/// <summary>What is stored, without the secrets: those are never shown again.</summary>
public sealed record PushKeysResponse(IosPushKey? Ios, AndroidPushKey? Android);

/// <param name="Kind"><c>p12</c>: a certificate; <c>p8</c>: a key for tokens, which does not expire.</param>
/// <param name="Environment"><c>production</c>, <c>development</c> or <c>both</c>; absent for a key.</param>
/// <param name="Fingerprint">First 16 hex digits of the SHA-256 of the certificate or the public key: it tells two files apart.</param>
public sealed record IosPushKey(
    string Kind, string? Subject, string BundleId, string? KeyId, string? TeamId, string? Environment, DateTimeOffset? ExpiresAt,
    string Fingerprint, DateTimeOffset StoredAt, string StoredBy);

/// <param name="Kind"><c>service_account</c> or <c>server_key</c>.</param>
/// <param name="FirebaseProject">The project of a service account; absent for a server key.</param>
/// <param name="Fingerprint">First 16 hex digits of the SHA-256 of the key.</param>
public sealed record AndroidPushKey(
    string Kind, string? FirebaseProject, string? ClientEmail, string? KeyId, string Fingerprint, DateTimeOffset StoredAt, string StoredBy);

/// <param name="File">A .p12 or .p8 file in base64, at most 64 KiB. Its content tells which of the two it is.</param>
/// <param name="Password">The password of a .p12. It is not stored.</param>
/// <param name="KeyId">The id of the key in a .p8: ten letters and digits, as Apple shows it.</param>
/// <param name="TeamId">The id of the team, with a .p8: written like the key id.</param>
/// <param name="BundleId">The app, with a .p8: such as com.example.shop. A certificate names its app itself.</param>
public sealed record IosPushKeyRequest(string? File, string? Password, string? KeyId, string? TeamId, string? BundleId);

/// <summary>Exactly one of the two must be given.</summary>
/// <param name="ServiceAccount">The JSON file of a Firebase service account, as text. At most 16 KiB.</param>
/// <param name="ServerKey">A key of the older FCM interface.</param>
public sealed record AndroidPushKeyRequest(string? ServiceAccount, string? ServerKey);
