using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Platform.Security;
using Vox.Tests.Fixture;

namespace Vox.Tests.Security;

/// <summary>Where the keys are stored that sign access tokens.</summary>
public sealed class SigningKeyTests(Backends backends)
{
    [Fact]
    public async Task LogIn_WithKeyVault_TheKeyThatSignsLiesWrappedInStorage()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var vault = await FakeKeyVault.StartAsync();
        await using var app = await StartAsync(prefix, vault);
        var user = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var token = (await user.LogInAsync()).AccessToken;

        var row = Assert.Single(await RowsAsync(prefix));
        Assert.False(row.ContainsKey("Key"));
        Assert.DoesNotContain(Bytes(row), bytes => bytes.Length == 32);
        Assert.Contains("POST /keys/data-protection/1/wrapkey", vault.Requests);

        // Another instance accepts the token, also after the vault's key was rotated, and asks the vault once.
        vault.Rotate();
        vault.Requests.Clear();
        await using var other = await StartAsync(prefix, vault);
        Assert.NotNull(await other.Get<Vox.Chat.Sessions.AccessTokens>().ReadAsync(token, CancellationToken.None));
        Assert.Equal(["POST /keys/data-protection/1/unwrapkey"], vault.Requests);
        Assert.Equal(row.RowKey, Assert.Single(await RowsAsync(prefix)).RowKey);
    }

    [Fact]
    public async Task LogIn_KeyFromBeforeTheVault_StaysGoodAndIsWrappedAtTheNextStart()
    {
        var prefix = VoxApp.NewTablePrefix();
        string token;
        await using (var before = await StartAsync(prefix, null))
        {
            var user = await (await before.CreateProjectAsync()).CreateUserAsync("alice");
            token = (await user.LogInAsync()).AccessToken;
        }

        var clear = Assert.Single(await RowsAsync(prefix)).GetBinary("Key");
        await using var vault = await FakeKeyVault.StartAsync();
        await using var app = await StartAsync(prefix, vault);

        Assert.NotNull(await app.Get<Vox.Chat.Sessions.AccessTokens>().ReadAsync(token, CancellationToken.None));
        var row = Assert.Single(await RowsAsync(prefix));
        Assert.DoesNotContain(Bytes(row), bytes => bytes.SequenceEqual(clear));
        await using var next = await StartAsync(prefix, vault);
        Assert.NotNull(await next.Get<Vox.Chat.Sessions.AccessTokens>().ReadAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task LogIn_VaultSilent_OldKeyGoesOnAndNothingNewIsStoredInClear()
    {
        var prefix = VoxApp.NewTablePrefix();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var vault = await FakeKeyVault.StartAsync();
        await using var app = await StartAsync(prefix, vault, clock);
        var first = await app.Get<SigningKeys>().CurrentAsync(CancellationToken.None);

        // The key is due for renewal, but not yet void.
        clock.Advance(TimeSpan.FromDays(61));
        vault.Busy = int.MaxValue;
        Assert.Equal(first.KeyId, (await app.Get<SigningKeys>().CurrentAsync(CancellationToken.None)).KeyId);
        Assert.Single(await RowsAsync(prefix));

        vault.Busy = 0;
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.NotEqual(first.KeyId, (await app.Get<SigningKeys>().CurrentAsync(CancellationToken.None)).KeyId);
        Assert.NotNull(await app.Get<SigningKeys>().FindAsync(first.KeyId, CancellationToken.None));
        Assert.Equal(2, (await RowsAsync(prefix)).Count);
        Assert.DoesNotContain(await RowsAsync(prefix), row => row.ContainsKey("Key"));
    }

    [Fact]
    public async Task LogIn_KeySaidToBeWrappedElsewhere_DoesNotBringOurTokenThereAndGetsAnother()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var vault = await FakeKeyVault.StartAsync();
        await using var foreign = await FakeKeyVault.StartAsync();
        string foreignId;
        await using (var app = await StartAsync(prefix, foreign))
        {
            foreignId = (await app.Get<SigningKeys>().CurrentAsync(CancellationToken.None)).KeyId;
        }

        foreign.Requests.Clear();
        await using var next = await StartAsync(prefix, vault);
        Assert.NotEqual(foreignId, (await next.Get<SigningKeys>().CurrentAsync(CancellationToken.None)).KeyId);
        Assert.Null(await next.Get<SigningKeys>().FindAsync(foreignId, CancellationToken.None));
        Assert.Empty(foreign.Requests);
    }

    private Task<VoxApp> StartAsync(string prefix, FakeKeyVault? vault, TimeProvider? clock = null) => VoxApp.StartAsync(
        backends,
        vault is null ? [] : ["Security:KeyVaultKey=" + vault.Key],
        builder =>
        {
            builder.Services.AddSingleton<TokenCredential>(new FakeKeyVault.Credential());
            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }
        },
        prefix);

    private static IEnumerable<byte[]> Bytes(TableEntity row) => ((IDictionary<string, object>)row).Values.OfType<byte[]>();

    private async Task<List<TableEntity>> RowsAsync(string prefix)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in new TableServiceClient(backends.StorageConnection).GetTableClient(prefix + "keys")
            .QueryAsync<TableEntity>(row => row.PartitionKey.CompareTo("signing") >= 0 && row.PartitionKey.CompareTo("signing/") < 0))
        {
            rows.Add(row);
        }

        return rows;
    }
}
