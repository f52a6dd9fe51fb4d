using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Vox.Tests.Fixture;

namespace Vox.Tests.Issuers;

/// <summary>Where a customer's identity provider shows its public keys.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private OutsideService service = null!;
    private int requests;

    public string Address => service.Address + "keys";

    public IReadOnlyList<SecurityKey> Keys { get; set; } = [];

    /// <summary>Keys that are no keys, as JSON, in the same list.</summary>
    public IReadOnlyList<object> Broken { get; set; } = [];

    public bool IsDown { get; set; }

    public int Requests => Volatile.Read(ref requests);

    public static async Task<KeyServer> StartAsync()
    {
        var server = new KeyServer();
        server.service = await OutsideService.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        if (IsDown)
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            keys = Broken.Concat(Keys.Select(key =>
            {
                var json = key is RsaSecurityKey rsa
                    ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)))
                    : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)key);
                return (object)new { kty = json.Kty, n = json.N, e = json.E, crv = json.Crv, x = json.X, y = json.Y, kid = key.KeyId };
            })),
        }));
    }
}
