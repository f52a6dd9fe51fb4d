using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Devices;

/// <summary>Devices of tests, as apps register them.</summary>
internal static class TestDevices
{
    public static Task<JsonElement> RegisterFcmAsync(this TestSession session, string token) =>
        session.PostJsonAsync("/api/v1/devices", new { kind = "fcm", token });

    /// <summary>What a browser gives, for an endpoint of the test's.</summary>
    public static object Subscription(string endpoint, out ECDiffieHellman key, out byte[] secret)
    {
        key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        secret = RandomNumberGenerator.GetBytes(16);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            endpoint,
            keys = new
            {
                p256dh = Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]),
                auth = Base64Url.EncodeToString(secret),
            },
        };
    }

    public static async Task<List<string>> DeviceIdsAsync(this TestSession session) =>
    [
        .. (await session.GetJsonAsync("/api/v1/devices")).GetProperty("devices").EnumerateArray()
            .Select(device => device.GetProperty("id").GetString()!),
    ];
}
