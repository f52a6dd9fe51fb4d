using System.Text.Json;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;
using Vox.Portal.Projects;

namespace Vox.Portal.PushKeys;

/// <summary>Stores the keys with which a project's apps get push messages. Nobody can read a stored key again.</summary>
public sealed class PushKeyService(PushKeyStore store, ProjectAudit audit, SecretProtector protector, TimeProvider time)
{
    private const int MaxFileBytes = 64 * 1024;

    /// <summary>What fits into a column of a row, in characters, encrypted and in base64.</summary>
    private const int MaxStored = 30_000;

    /// <summary>What a secret is encrypted for. It cannot be decrypted for anything else.</summary>
    public static string Purpose(string projectId, string platform) => $"push.{projectId}.{platform}";

    /// <summary>What is stored, without the secrets.</summary>
    public Task<PushKeysResponse> ReadAsync(string projectId, CancellationToken cancellationToken) =>
        store.ReadAsync(projectId, cancellationToken);

    /// <exception cref="VoxException">
    /// as <see cref="AppleKeyFile.Read"/>; file_too_large, empty_file, missing_field, invalid_field
    /// </exception>
    public async Task<IosPushKey> SetIosAsync(ProjectCaller caller, IosPushKeyRequest request, CancellationToken cancellationToken)
    {
        var key = AppleKeyFile.Read(Decode(request.File), request, time.GetUtcNow());
        var shown = new IosPushKey(
            key.Kind, key.Subject, key.BundleId, key.KeyId, key.TeamId, key.Environment, key.ExpiresAt, key.Fingerprint, time.GetUtcNow(),
            caller.Who);
        await SetAsync(
            caller, PushKeyStore.Ios, JsonSerializer.Serialize(shown, PushKeyJson.Wire.IosPushKey), key.Secret, cancellationToken);
        await audit.RecordAsync(caller, "push_key.stored", $"iOS, {key.Kind}, {key.BundleId}, {key.Fingerprint}", cancellationToken);
        return shown;
    }

    /// <exception cref="VoxException">as <see cref="GoogleKey.Read"/></exception>
    public async Task<AndroidPushKey> SetAndroidAsync(
        ProjectCaller caller, AndroidPushKeyRequest request, CancellationToken cancellationToken)
    {
        var key = GoogleKey.Read(request);
        var shown = new AndroidPushKey(
            key.Kind, key.FirebaseProject, key.ClientEmail, key.KeyId, key.Fingerprint, time.GetUtcNow(), caller.Who);
        await SetAsync(
            caller, PushKeyStore.Android, JsonSerializer.Serialize(shown, PushKeyJson.Wire.AndroidPushKey), key.Secret, cancellationToken);
        await audit.RecordAsync(
            caller, "push_key.stored", $"Android, {key.Kind}, {key.FirebaseProject} {key.Fingerprint}", cancellationToken);
        return shown;
    }

    public Task RemoveIosAsync(ProjectCaller caller, CancellationToken cancellationToken) =>
        RemoveAsync(caller, PushKeyStore.Ios, "iOS", cancellationToken);

    public Task RemoveAndroidAsync(ProjectCaller caller, CancellationToken cancellationToken) =>
        RemoveAsync(caller, PushKeyStore.Android, "Android", cancellationToken);

    private async Task RemoveAsync(ProjectCaller caller, string platform, string name, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(caller.Project.Id, platform, cancellationToken);
        await audit.RecordAsync(caller, "push_key.removed", name, cancellationToken);
    }

    private async Task SetAsync(ProjectCaller caller, string platform, string shown, byte[] secret, CancellationToken cancellationToken)
    {
        var stored = protector.Protect(Purpose(caller.Project.Id, platform), secret);
        if (stored.Length > MaxStored)
        {
            throw new VoxException(
                Errors.FileTooLarge, "The key in the file is larger than any that Apple or Google make: check which file it is.", "file");
        }

        await store.SetAsync(caller.Project.Id, platform, shown, stored, cancellationToken);
    }

    private static byte[] Decode(string? text)
    {
        if (text is null)
        {
            throw new VoxException(Errors.MissingField, "file is missing: choose a .p12 or .p8 file.", "file");
        }

        if (text.Length == 0)
        {
            throw new VoxException(Errors.EmptyFile, "The file is empty: choose another one.", "file");
        }

        if (text.Length / 4 * 3 > MaxFileBytes + 3)
        {
            throw new VoxException(
                Errors.FileTooLarge,
                $"The file is larger than {MaxFileBytes:N0} bytes: a .p12 or .p8 for push messages has a few thousand.", "file");
        }

        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new VoxException(Errors.InvalidField, "file must be the bytes of the file in base64.", "file", e);
        }
    }
}
