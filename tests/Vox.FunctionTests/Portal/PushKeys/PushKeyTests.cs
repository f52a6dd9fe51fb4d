using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Vox.Platform.Security;
using Vox.Platform.Storage;
using Vox.Portal;
using Vox.Portal.PushKeys;

namespace Vox.Tests.Portal;

public sealed class PushKeyTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private const string Production = "1.2.840.113635.100.6.3.2";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Ios_Certificate_IsReadStoredEncryptedAndNeverShownAgain()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var file = Certificate("pw", Now.AddDays(100), Production);

        var stored = await PutAsync(client, project, "ios", new { file = Convert.ToBase64String(file), password = "pw" });

        Assert.Equal(
            ("p12", "com.example.shop", "TEAM123456", "production"),
            (Text(stored, "kind"), Text(stored, "bundleId"), Text(stored, "teamId"), Text(stored, "environment")));
        Assert.Equal("Apple Push Services: com.example.shop", Text(stored, "subject"));
        Assert.Equal(Now.AddDays(100).Date, stored.GetProperty("expiresAt").GetDateTimeOffset().UtcDateTime.Date);
        Assert.Equal(client.Email, Text(stored, "storedBy"));
        var shown = await client.GetAsync($"projects/{project}/push");
        Assert.Equal(stored.GetRawText(), shown.GetProperty("ios").GetRawText());
        Assert.False(shown.TryGetProperty("android", out _));

        // The table holds the key without the file's password, and only somebody with the data protection keys can read it.
        var secret = await SecretAsync(project, PushKeyStore.Ios);
        Assert.DoesNotContain(Convert.ToBase64String(file)[..40], secret, StringComparison.Ordinal);
        Assert.ThrowsAny<CryptographicException>(
            () => portal.App.Get<SecretProtector>().Unprotect(PushKeyService.Purpose("pid_other", PushKeyStore.Ios), secret));
        using var kept = X509CertificateLoader.LoadPkcs12(
            portal.App.Get<SecretProtector>().Unprotect(PushKeyService.Purpose(project, PushKeyStore.Ios), secret), null);
        Assert.True(kept.HasPrivateKey);
        var audit = (await client.GetAsync($"projects/{project}/audit")).GetProperty("entries")[0];
        Assert.Equal("push_key.stored", Text(audit, "action"));
        Assert.Contains("com.example.shop", Text(audit, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ios_Key_ReplacesTheCertificateAndIsRemoved()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        await PutAsync(client, project, "ios", new { file = Convert.ToBase64String(Certificate(null, Now.AddDays(1), Production)) });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var stored = await PutAsync(client, project, "ios", Key(key.ExportPkcs8PrivateKeyPem()));

        Assert.Equal(
            ("p8", "ABCDE12345", "TEAM123456", "com.example.shop"),
            (Text(stored, "kind"), Text(stored, "keyId"), Text(stored, "teamId"), Text(stored, "bundleId")));
        Assert.False(stored.TryGetProperty("expiresAt", out _));
        var kept = portal.App.Get<SecretProtector>().Unprotect(
            PushKeyService.Purpose(project, PushKeyStore.Ios), await SecretAsync(project, PushKeyStore.Ios));
        Assert.Equal(key.ExportPkcs8PrivateKey(), kept);

        await client.DoAsync(HttpMethod.Delete, $"projects/{project}/push/ios");
        await client.DoAsync(HttpMethod.Delete, $"projects/{project}/push/ios");
        Assert.Equal("{}", (await client.GetAsync($"projects/{project}/push")).GetRawText());
    }

    [Fact]
    public async Task Ios_BrokenFiles_AreRefusedWithTheReasonAndWhatWasThereStays()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        await PutAsync(
            client, project, "ios", new { file = Convert.ToBase64String(Certificate("pw", Now.AddDays(10), Production)), password = "pw" });
        var before = (await client.GetAsync($"projects/{project}/push")).GetRawText();
        var good = Certificate("pw", Now.AddDays(10), Production);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);

        foreach (var (what, body, status, code) in ((string, object, int, string)[])
        [
            ("none", new { }, 400, "missing_field"),
            ("empty", new { file = "" }, 400, "empty_file"),
            ("no base64", new { file = "***" }, 400, "invalid_field"),
            ("noise", File(RandomNumberGenerator.GetBytes(3_000)), 400, "invalid_certificate"),
            ("cut off", File(good[..(good.Length / 2)]), 400, "invalid_certificate"),
            ("wrong password", File(good, "other"), 400, "wrong_file_password"),
            ("no password", File(good), 400, "wrong_file_password"),
            ("expired", File(Certificate("pw", Now.AddDays(-1), Production), "pw"), 400, "certificate_expired"),
            ("of another kind", File(Certificate("pw", Now.AddDays(10), null), "pw"), 400, "not_for_push"),
            ("without its key", File(Certificate("pw", Now.AddDays(10), Production, withKey: false), "pw"), 400, "invalid_certificate"),
            ("too large", File(new byte[65_537 + 3]), 413, "file_too_large"),
            ("much too large", File(new byte[1_000_000]), 413, "body_too_large"),
            ("key cut off", Key(p256.ExportPkcs8PrivateKeyPem()[..60]), 400, "invalid_certificate"),
            ("public key", Key(p256.ExportSubjectPublicKeyInfoPem()), 400, "invalid_certificate"),
            ("key of another curve", Key(p384.ExportPkcs8PrivateKeyPem()), 400, "not_for_push"),
            ("RSA key", Key(rsa.ExportPkcs8PrivateKeyPem()), 400, "invalid_certificate"),
            (
                "key without its id",
                new { file = Base64(p256.ExportPkcs8PrivateKeyPem()), teamId = "TEAM123456", bundleId = "com.example.shop" },
                400,
                "missing_field"),
            ("key with a bad id", Key(p256.ExportPkcs8PrivateKeyPem(), keyId: "<script>"), 400, "invalid_field"),
            ("bad bundle", Key(p256.ExportPkcs8PrivateKeyPem(), bundleId: "shop/../x.y"), 400, "invalid_field"),
        ])
        {
            Assert.Equal(
                (what, status, code), Named(what, await client.RefusedAsync(HttpMethod.Put, $"projects/{project}/push/ios", body)));
        }

        Assert.Equal(before, (await client.GetAsync($"projects/{project}/push")).GetRawText());
    }

    [Fact]
    public async Task Android_ServiceAccountThenServerKey_AreStoredEncrypted()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        using var rsa = RSA.Create(2048);
        var account = Account(rsa.ExportPkcs8PrivateKeyPem());

        var stored = await PutAsync(client, project, "android", new { serviceAccount = account });

        Assert.Equal(
            ("service_account", "shop-1234", "push@shop-1234.iam.gserviceaccount.com"),
            (Text(stored, "kind"), Text(stored, "firebaseProject"), Text(stored, "clientEmail")));
        var shown = (await client.GetAsync($"projects/{project}/push")).GetRawText();
        Assert.DoesNotContain("PRIVATE", shown, StringComparison.OrdinalIgnoreCase);
        var protector = portal.App.Get<SecretProtector>();
        Assert.Equal(account, Encoding.UTF8.GetString(protector.Unprotect(
            PushKeyService.Purpose(project, PushKeyStore.Android), await SecretAsync(project, PushKeyStore.Android))));

        var key = "AAAAxyz:" + new string('k', 140);
        Assert.Equal("server_key", Text(await PutAsync(client, project, "android", new { serverKey = key }), "kind"));
        Assert.DoesNotContain(key[..20], (await client.GetAsync($"projects/{project}/push")).GetRawText(), StringComparison.Ordinal);

        await client.DoAsync(HttpMethod.Delete, $"projects/{project}/push/android");
        Assert.Equal("{}", (await client.GetAsync($"projects/{project}/push")).GetRawText());
        Assert.Equal("push_key.removed", Text((await client.GetAsync($"projects/{project}/audit")).GetProperty("entries")[0], "action"));
    }

    [Fact]
    public async Task Android_BrokenFiles_AreRefusedWithTheReason()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        using var rsa = RSA.Create(2048);
        var good = Account(rsa.ExportPkcs8PrivateKeyPem());
        foreach (var (what, body, status, code) in ((string, object, int, string)[])
        [
            ("none", new { }, 400, "missing_field"),
            ("both", new { serviceAccount = good, serverKey = new string('k', 150) }, 400, "invalid_field"),
            ("no JSON", new { serviceAccount = "hello" }, 400, "invalid_certificate"),
            ("cut off", new { serviceAccount = good[..200] }, 400, "invalid_certificate"),
            ("a list", new { serviceAccount = "[]" }, 400, "not_for_push"),
            ("google-services.json", new { serviceAccount = """{"project_info":{"project_id":"shop"}}""" }, 400, "not_for_push"),
            (
                "broken key",
                new { serviceAccount = Account("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----") },
                400,
                "invalid_certificate"),
            ("no key", new { serviceAccount = Account("") }, 400, "invalid_certificate"),
            ("too large", new { serviceAccount = good + new string(' ', 17_000) }, 413, "file_too_large"),
            ("short server key", new { serverKey = "AIza" }, 400, "invalid_field"),
            ("server key with a script", new { serverKey = "<script>alert(1)</script>" + new string('k', 100) }, 400, "invalid_field"),
        ])
        {
            Assert.Equal(
                (what, status, code), Named(what, await client.RefusedAsync(HttpMethod.Put, $"projects/{project}/push/android", body)));
        }
    }

    private static (string What, int Status, string Code) Named(string what, (int Status, string Code) answer)
        => (what, answer.Status, answer.Code);

    private async Task<string> SecretAsync(string project, string platform) =>
        (await portal.App.Get<StorageClients>().ProjectTable("pushkeys").FindAsync(
            PortalKeys.PushKeys(project), platform, CancellationToken.None))!.GetString("Secret");

    private static async Task<JsonElement> PutAsync(PortalClient client, string project, string platform, object body)
    {
        using var response = await client.SendAsync(HttpMethod.Put, $"projects/{project}/push/{platform}", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static object File(byte[] bytes, string? password = null) => new { file = Convert.ToBase64String(bytes), password };

    private static object Key(string pem, string keyId = "ABCDE12345", string bundleId = "com.example.shop") =>
        new { file = Base64(pem), keyId, teamId = "TEAM123456", bundleId };

    private static string Account(string key) => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "shop-1234",
        private_key_id = "0123456789abcdef",
        private_key = key,
        client_email = "push@shop-1234.iam.gserviceaccount.com",
        token_uri = "https://oauth2.googleapis.com/token",
    });

    /// <summary>
    /// A certificate as Apple makes them: the app's bundle id is the subject's user id, and an extension states the purpose.
    /// </summary>
    private static byte[] Certificate(string? password, DateTimeOffset until, string? purpose, bool withKey = true)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=Apple Push Services: com.example.shop, OU=TEAM123456, UID=com.example.shop".Replace(
                "UID=", "OID.0.9.2342.19200300.100.1.1=", StringComparison.Ordinal),
            rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509Extension(purpose, [5, 0], critical: false));
        }

        using var certificate = request.CreateSelfSigned(until.AddDays(-365), until);
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        return (withKey ? certificate : bare).Export(X509ContentType.Pkcs12, password)!;
    }
}
