using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Vox.Platform.Caching;
using Vox.Platform.Security;

namespace Vox.Tests.Caching;

public sealed class CacheTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Cache_WithinAndAfterItsTime_KnowsAndForgets()
    {
        var cache = new ExpiringCache<string, int>(10, TimeSpan.FromSeconds(30), time);
        cache.Set("a", 1);

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal(1, value);

        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void Cache_SetAgainAndRemoved_IsAsLastSaid()
    {
        var cache = new ExpiringCache<string, int>(10, TimeSpan.FromSeconds(30), time);
        cache.Set("a", 1);
        time.Advance(TimeSpan.FromSeconds(20));
        cache.Set("a", 2);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal(2, value);

        cache.Remove("a");

        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void Cache_MoreThanItHolds_StaysWithinItsLimit()
    {
        var cache = new ExpiringCache<int, int>(100, TimeSpan.FromHours(1), time);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Set(i, i);
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => cache.TryGet(i, out _)), 80, 101);
        Assert.True(cache.TryGet(9_999, out _));
    }

    [Fact]
    public void VerifiedCredentials_AnyPartChanged_AreNotKnown()
    {
        var verified = new VerifiedCredentials(Options.Create(new SecurityOptions()), time);
        verified.Add("user", "version", "password");

        Assert.True(verified.Contains("user", "version", "password"));
        Assert.False(verified.Contains("user", "version", "password "));
        Assert.False(verified.Contains("user", "version2", "password"));
        Assert.False(verified.Contains("user2", "version", "password"));
        Assert.False(verified.Contains("user", "version\npass", "word"));
        time.Advance(TimeSpan.FromSeconds(301));
        Assert.False(verified.Contains("user", "version", "password"));
    }

    [Fact]
    public void VerifiedCredentials_SwitchedOff_RememberNothing()
    {
        var verified = new VerifiedCredentials(Options.Create(new SecurityOptions { CredentialCacheSeconds = 0 }), time);

        verified.Add("user", "version", "password");

        Assert.False(verified.Contains("user", "version", "password"));
    }
}
