using Microsoft.Extensions.Options;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Users;

public sealed class LoginIdTests
{
    private readonly LoginIds ids = new(Options.Create(new UserOptions()));

    [Theory]
    [InlineData(" eve ", "eve")]
    [InlineData("Rene\u0301", "René")]
    [InlineData("+49 30 1", "+49 30 1")]
    [InlineData("😀", "😀")]
    public void Check_Text_IsTrimmedAndComposed(string text, string expected) => Assert.Equal(expected, ids.Check(text, "username"));

    [Theory]
    [InlineData(null, "missing_field")]
    [InlineData("  ", "missing_field")]
    [InlineData("a\u0000b", "invalid_field")]
    public void Check_WhatIsNoId_IsRefused(string? text, string code) =>
        Assert.Equal((code, "username"), Refusal(() => ids.Check(text, "username")));

    /// <summary>An attribute cannot hold such a text.</summary>
    [Fact]
    public void Check_HalfOfASurrogatePair_IsRefused() =>
        Assert.Equal(("invalid_field", "username"), Refusal(() => ids.Check("a\ud800", "username")));

    [Fact]
    public void Check_TooLong_IsRefused() =>
        Assert.Equal(("too_long", "username"), Refusal(() => ids.Check(new string('a', 1_000), "username")));

    [Theory]
    [InlineData("g0123456789012345678901")]
    [InlineData("\u200b\u2060")]
    public void CheckNew_IdOfAGroupOrInvisible_IsRefused(string text) =>
        Assert.Equal(("invalid_field", "username"), Refusal(() => ids.CheckNew(text, "username")));

    private static (string, string?) Refusal(Func<object?> check)
    {
        var e = Assert.Throws<VoxException>(() => check());
        return (e.Error.Code, e.Field);
    }
}
