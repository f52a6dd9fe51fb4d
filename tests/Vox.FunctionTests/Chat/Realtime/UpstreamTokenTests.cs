using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Realtime;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

/// <summary>Events of the live channel where the SignalR service is known by its managed identity.</summary>
public sealed class UpstreamTokenTests(Backends backends) : IAsyncLifetime
{
    private OwnSignalR signalR = null!;

    public async ValueTask InitializeAsync()
    {
        signalR = await OwnSignalR.StartAsync();
        signalR.TakeEveryConnection();
    }

    public ValueTask DisposeAsync() => signalR.DisposeAsync();

    [Promise("VOX-P3")]
    [Fact]
    public async Task Event_WithoutATokenOfTheServicesIdentity_IsRefusedAndNobodyIsOnline()
    {
        await using var entra = await FakeEntra.StartAsync();
        await using var app = await StartAsync(entra);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        using var other = RSA.Create(2048);
        string?[] wrong =
        [
            null, "", "Bearer", "Bearer x", "Basic " + entra.Token(), "Bearer " + new string('x', 20_000),
            "Bearer " + entra.Token(issuer: "https://sts.windows.net/33333333-3333-3333-3333-333333333333/"),
            "Bearer " + entra.Token(audience: "https://vault.azure.net"),
            "Bearer " + entra.Token(tenant: "33333333-3333-3333-3333-333333333333"),
            "Bearer " + entra.Token(identity: "33333333-3333-3333-3333-333333333333"),
            "Bearer " + entra.Token(key: other), "Bearer " + entra.Token(hours: -1), "Bearer " + entra.Token(hours: 48),
            "Bearer " + Unsigned(entra), "Bearer " + SignedWithThePublicKey(entra),
        ];
        foreach (var authorization in wrong)
        {
            Assert.Equal(403, await PostAsync(alice, "connected", authorization));
            Assert.False(await IsOnlineAsync(alice), authorization);
        }

        Assert.Equal(200, await PostAsync(alice, "connected", "Bearer " + entra.Token()));
        Assert.True(await IsOnlineAsync(alice));
        Assert.NotEqual(200, await PostAsync(alice, "disconnected", null));
        Assert.True(await IsOnlineAsync(alice));
        Assert.Equal(200, await PostAsync(alice, "disconnected", "bearer " + entra.Token(audience: FakeEntra.Audience.TrimEnd('/'))));
        Assert.False(await IsOnlineAsync(alice));
    }

    [Fact]
    public async Task Event_TokenOfTheSecondVersion_IsTaken()
    {
        await using var entra = await FakeEntra.StartAsync();
        await using var app = await StartAsync(entra);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        var token = entra.Token(issuer: $"{entra.Address}/{FakeEntra.Tenant}/v2.0");
        Assert.Equal(200, await PostAsync(alice, "connected", "Bearer " + token));
    }

    [Fact]
    public async Task Event_SignatureMissing_IsRefusedAlsoWithAToken()
    {
        await using var entra = await FakeEntra.StartAsync();
        await using var app = await StartAsync(entra);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        Assert.Equal(401, await PostAsync(alice, "connected", "Bearer " + entra.Token(), signed: false));
        Assert.False(await IsOnlineAsync(alice));
    }

    [Fact]
    public async Task Events_WithTheSameToken_AskForTheKeysOnceAndEndWithTheToken()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var entra = await FakeEntra.StartAsync();
        await using var app = await StartAsync(entra, clock);
        var user = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var alice = await user.LogInAsync();
        var token = "Bearer " + entra.Token(clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, await PostAsync(alice, "connected", token));
        }

        // The metadata and the keys.
        Assert.Equal(2, entra.Requests);
        clock.Advance(TimeSpan.FromHours(25));
        // A good session, so that only the service's token is at fault.
        var later = await user.LogInAsync();
        Assert.Equal(403, await PostAsync(later, "connected", token));
        Assert.Equal(200, await PostAsync(later, "connected", "Bearer " + entra.Token(clock)));
    }

    [Fact]
    public async Task Event_EntraIsSilent_IsRefused()
    {
        await using var entra = await FakeEntra.StartAsync();
        entra.IsSilent = true;
        await using var app = await StartAsync(entra);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        Assert.Equal(403, await PostAsync(alice, "connected", "Bearer " + entra.Token()));
    }

    [Theory]
    [InlineData("Realtime:UpstreamIdentity=22222222-2222-2222-2222-222222222222")]
    [InlineData("Realtime:UpstreamAudience=https://management.azure.com/")]
    [InlineData("Realtime:UpstreamIdentity=me", "Realtime:UpstreamTenant=you", "Realtime:UpstreamAudience=us")]
    [InlineData("Realtime:UpstreamAuthority=http://login.example.com")]
    public void Settings_OfHalfAnIdentity_StopTheStart(params string[] settings)
    {
        var builder = Program.CreateBuilder([.. VoxApp.Settings(backends, VoxApp.NewTablePrefix()), .. settings.Select(s => "--" + s)]);
        using var host = builder.Build();
        Assert.Contains(
            "Realtime__Upstream",
            Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate()).Message,
            StringComparison.Ordinal);
    }

    private Task<VoxApp> StartAsync(FakeEntra entra, TimeProvider? clock = null) => VoxApp.StartAsync(
        backends,
        [
            "Realtime:UpstreamIdentity=" + FakeEntra.Service, "Realtime:UpstreamTenant=" + FakeEntra.Tenant,
            "Realtime:UpstreamAudience=" + FakeEntra.Audience, "Realtime:UpstreamAuthority=" + entra.Address, signalR.Setting,
        ],
        builder =>
        {
            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }
        });

    private static string Unsigned(FakeEntra entra) => string.Join(
        '.', Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}"""), entra.Token().Split('.')[1], "");

    /// <summary>The old trick: the public key, which everybody knows, as the secret of another algorithm.</summary>
    private static string SignedWithThePublicKey(FakeEntra entra)
    {
        var jwt = new JsonWebToken(entra.Token());
        var head = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT","kid":"k1"}""");
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes("k1"), Encoding.UTF8.GetBytes($"{head}.{jwt.EncodedPayload}"));
        return $"{head}.{jwt.EncodedPayload}.{Base64UrlEncoder.Encode(mac)}";
    }

    private static Task<int> PostAsync(TestSession user, string name, string? authorization, bool signed = true) => signed
        ? ServiceEvents.PostSignedAsync(user, "c1", name, authorization)
        : ServiceEvents.PostAsync(user, "c1", name, ServiceEvents.Code, null, authorization: authorization);

    private static Task<bool> IsOnlineAsync(TestSession user) =>
        user.App.Get<PresenceStore>().IsOnlineAsync(user.Identity, CancellationToken.None);
}
