using Microsoft.Extensions.Options;
using Vox.Platform.Security;

namespace Vox.Tests.Security;

public sealed class PasswordHasherTests
{
    private static readonly PasswordHasher Hasher = Of(1_000);

    [Theory]
    [InlineData("secret")]
    [InlineData(" \t")]
    [InlineData("pässwörd 😀")]
    [InlineData("a$b$c")]
    public async Task Verify_SamePassword_IsTrueAndAnyOtherIsNot(string password)
    {
        var stored = await Hasher.HashAsync(password, CancellationToken.None);

        Assert.True(await Hasher.VerifyAsync(password, stored, CancellationToken.None));
        Assert.False(await Hasher.VerifyAsync(password + " ", stored, CancellationToken.None));
        Assert.False(await Hasher.VerifyAsync(password.ToUpperInvariant() + "x", stored, CancellationToken.None));
        Assert.False(await Hasher.VerifyAsync("", stored, CancellationToken.None));
    }

    [Fact]
    public async Task Hash_TwiceOfTheSame_DiffersAndHidesThePassword()
    {
        var (one, other) =
            (await Hasher.HashAsync("secret", CancellationToken.None), await Hasher.HashAsync("secret", CancellationToken.None));

        Assert.NotEqual(one, other);
        Assert.Matches(@"^pbkdf2-sha512\$1000\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$", one);
    }

    /// <summary>RFC 8018's function with the parameters that the text names, so that another implementation could check it.</summary>
    [Fact]
    public async Task Verify_KnownVector_IsTrue()
    {
        var salt = new byte[16];
        var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            "secret"u8, salt, 1_234, System.Security.Cryptography.HashAlgorithmName.SHA512, 32);

        Assert.True(await Hasher.VerifyAsync(
            "secret", $"pbkdf2-sha512$1234${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}", CancellationToken.None));
    }

    [Fact]
    public async Task Verify_HashOfOtherStrength_StillWorks()
    {
        var stored = await Hasher.HashAsync("secret", CancellationToken.None);

        Assert.True(await Of(2_000).VerifyAsync("secret", stored, CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("md5$1$a$b")]
    public async Task Verify_NoHashOfOurs_IsFalse(string? stored)
        => Assert.False(await Hasher.VerifyAsync("", stored, CancellationToken.None));

    [Fact]
    public void Default_Strength_IsTheRecommendedOne() => Assert.Equal(210_000, new SecurityOptions().PasswordIterations);

    private static PasswordHasher Of(int iterations) => new(Options.Create(new SecurityOptions { PasswordIterations = iterations }));
}
