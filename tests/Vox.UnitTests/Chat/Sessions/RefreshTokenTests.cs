using Vox.Chat.Sessions;

namespace Vox.Tests.Sessions;

public sealed class RefreshTokenTests
{
    private const string Session = "AAAAAAAAAAAAAAAAAAAAAA";
    private static readonly string Seed = RefreshToken.NewSeed();

    [Theory]
    [InlineData("alice")]
    [InlineData("a.b/c\\d#e?f%g")]
    [InlineData("😀 مرحبا")]
    [InlineData("漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢")]
    public void Parse_WhatWasWritten_IsTheSame(string loginId)
    {
        var token = new RefreshToken(Session, "pid_0f8fad5b_d9cb_469f_a165_70867728950e", loginId, RefreshToken.NewSecret(Seed));

        Assert.Equal(token, RefreshToken.Parse(token.ToString()));
        Assert.Matches("^[A-Za-z0-9._-]+$", token.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b.c.d")]
    [InlineData(Session)]
    [InlineData(Session + ".pid_x.YQ")]
    [InlineData(Session + ".pid_x.YQ.")]
    [InlineData(Session + ".pid_x.YQ.secret.more")]
    [InlineData(Session + ".pid/x.YQ.secret")]
    [InlineData(Session + "..YQ.secret")]
    [InlineData(Session + ".pid_x.Y!.secret")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA/.pid_x.YQ.secret")]
    public void Parse_AnythingElse_IsNull(string? text) => Assert.Null(RefreshToken.Parse(text));

    [Fact]
    public void Parse_VeryLongText_IsNull() => Assert.Null(RefreshToken.Parse($"{Session}.pid_x.YQ.{new string('s', 2_000)}"));

    [Fact]
    public void Matches_OnlyTheSecretThatWasHashed()
    {
        var (secret, other) = (RefreshToken.NewSecret(Seed), RefreshToken.NewSecret(Seed));

        Assert.True(RefreshToken.Matches(secret, RefreshToken.Hash(secret)));
        Assert.False(RefreshToken.Matches(other, RefreshToken.Hash(secret)));
        Assert.False(RefreshToken.Matches(secret, secret));
        Assert.False(RefreshToken.Matches(secret, null));
        Assert.False(RefreshToken.Matches("", ""));
    }

    [Fact]
    public void WasIssued_OnlySecretsMadeFromTheSeed()
    {
        var secret = RefreshToken.NewSecret(Seed);

        Assert.True(RefreshToken.WasIssued(secret, Seed));
        Assert.False(RefreshToken.WasIssued(secret, RefreshToken.NewSeed()));
        Assert.False(RefreshToken.WasIssued(secret, null));
        Assert.False(RefreshToken.WasIssued("A" + secret[1..] + "A", Seed));
        Assert.False(RefreshToken.WasIssued((secret[0] == 'A' ? 'B' : 'A') + secret[1..], Seed));
        Assert.False(RefreshToken.WasIssued("", Seed));
        Assert.False(RefreshToken.WasIssued("!" + secret[1..], Seed));
    }

    [Fact]
    public void NewSecret_EachTime_Has256NewBits()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => RefreshToken.NewSecret(Seed)).ToList();

        Assert.Equal(100, secrets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(secrets, secret => Assert.Equal(64, secret.Length));
    }
}
