using System.Security.Cryptography;
using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Platform.Security;
using Vox.Tests.Fixture;

namespace Vox.Tests.Security;

/// <summary>Where the keys are stored that encrypt the secrets.</summary>
public sealed class SecretProtectorTests(Backends backends)
{
    private static readonly byte[] Secret = "a secret"u8.ToArray();

    [Fact]
    public async Task Keys_LieInBlobsAndOpenWhatAnotherProcessHasEncrypted()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var one = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        await using var two = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        // Both apps make their first key at the same moment. Neither may undo the other's.
        var texts = await Task.WhenAll(Task.Run(() => Protect(one)), Task.Run(() => Protect(two)));
        await using var later = await VoxApp.StartAsync(backends, tablePrefix: prefix);

        Assert.All(texts, text => Assert.Equal(Secret, Unprotect(later, text)));
        Assert.Throws<CryptographicException>(() => later.Get<SecretProtector>().Unprotect("another purpose", texts[0]));
        var blobs = await BlobsAsync(prefix);
        Assert.NotEmpty(blobs);
        Assert.All(blobs, blob => Assert.Contains("masterKey", blob.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_WithKeyVault_AreWrappedThereAndUnwrappedAlsoAfterItsKeyWasRotated()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var vault = await FakeKeyVault.StartAsync();
        vault.Busy = 1;
        string text;
        await using (var app = await StartAsync(vault, prefix))
        {
            Assert.Empty(vault.Requests);
            text = Protect(app);
            Assert.Equal(Secret, Unprotect(app, text));
        }

        Assert.Contains("GET /keys/data-protection", vault.Requests);
        Assert.Contains("POST /keys/data-protection/1/wrapkey", vault.Requests);
        var blob = Assert.Single(await BlobsAsync(prefix));
        Assert.DoesNotContain("masterKey", blob.Text, StringComparison.Ordinal);
        Assert.Contains("<wrapped>", blob.Text, StringComparison.Ordinal);

        vault.Rotate();
        vault.Requests.Clear();
        await using var next = await StartAsync(vault, prefix);
        Assert.Equal(Secret, Unprotect(next, text));
        Assert.Contains("POST /keys/data-protection/1/unwrapkey", vault.Requests);
        Assert.Equal(0, vault.Refused);

        // Whoever has only the storage can decrypt nothing.
        await using var without = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        Assert.ThrowsAny<CryptographicException>(() => Unprotect(without, text));
    }

    [Fact]
    public async Task Keys_SaidToBeWrappedBySomebodyElse_DoNotBringOurTokenThere()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var vault = await FakeKeyVault.StartAsync();
        await using var foreign = await FakeKeyVault.StartAsync();
        string text;
        await using (var app = await StartAsync(vault, prefix))
        {
            text = Protect(app);
        }

        var (name, xml) = Assert.Single(await BlobsAsync(prefix));
        await Container(prefix).GetBlobClient(name).UploadAsync(
            BinaryData.FromString(xml.Replace(
                vault.Key.GetLeftPart(UriPartial.Authority), foreign.Key.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)),
            overwrite: true);

        await using var next = await StartAsync(vault, prefix);
        Assert.ThrowsAny<CryptographicException>(() => Unprotect(next, text));
        Assert.Empty(foreign.Requests);
        Assert.Equal(0, foreign.Refused);
    }

    [Fact]
    public async Task Keys_VaultSilent_NothingIsStoredUnwrapped()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var vault = await FakeKeyVault.StartAsync();
        vault.Busy = int.MaxValue;
        await using var app = await StartAsync(vault, prefix);

        Assert.ThrowsAny<Exception>(() => Protect(app));
        Assert.Empty(await BlobsAsync(prefix));

        vault.Busy = 0;
        Assert.Equal(Secret, Unprotect(app, Protect(app)));
    }

    [Theory]
    [InlineData("http://vault.example.com/keys/data-protection")]
    [InlineData("https://vault.example.com/")]
    [InlineData("https://vault.example.com/secrets/data-protection")]
    [InlineData("data-protection")]
    public void KeyVaultKey_ThatIsNoKeysAddress_StopsTheStart(string address)
    {
        var builder = Program.CreateBuilder([.. VoxApp.Settings(backends, VoxApp.NewTablePrefix()), "--Security:KeyVaultKey=" + address]);
        using var host = builder.Build();
        Assert.Contains(
            "Security:KeyVaultKey",
            Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate()).Message,
            StringComparison.Ordinal);
    }

    private Task<VoxApp> StartAsync(FakeKeyVault vault, string prefix) => VoxApp.StartAsync(
        backends,
        ["Security:KeyVaultKey=" + vault.Key],
        builder => builder.Services.AddSingleton<TokenCredential>(new FakeKeyVault.Credential()),
        prefix);

    private static string Protect(VoxApp app) => app.Get<SecretProtector>().Protect("test", Secret);

    private static byte[] Unprotect(VoxApp app, string text) => app.Get<SecretProtector>().Unprotect("test", text);

    private BlobContainerClient Container(string prefix)
        => new BlobServiceClient(backends.StorageConnection).GetBlobContainerClient(prefix + "-keys");

    private async Task<List<(string Name, string Text)>> BlobsAsync(string prefix)
    {
        var found = new List<(string, string)>();
        if (!await Container(prefix).ExistsAsync())
        {
            return found;
        }

        await foreach (var blob in Container(prefix).GetBlobsAsync())
        {
            found.Add((blob.Name, (await Container(prefix).GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToString()));
        }

        return found;
    }
}
