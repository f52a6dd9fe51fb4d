using Azure;
using Vox.Platform.Storage;

namespace Vox.Tests.Storage;

public sealed class RowVersionTests
{
    /// <summary>
    /// Verified passwords are remembered under this text. If it were the same for two states of a row, an old password would go on working.
    /// </summary>
    [Fact]
    public void ToString_OfTwoStatesOfARow_Differs()
    {
        RowVersion before = new ETag("W/\"datetime'1'\"");
        RowVersion after = new ETag("W/\"datetime'2'\"");

        Assert.NotEqual(before.ToString(), after.ToString());
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Conversion_ThereAndBack_IsTheSame()
    {
        var tag = new ETag("W/\"datetime'1'\"");

        Assert.Equal(tag, (ETag)(RowVersion)tag);
        Assert.Equal(ETag.All, (ETag)RowVersion.Any);
    }

    [Theory]
    [InlineData("W/\"datetime'2026-11-30T05%3A14%3A05.1234567Z'\"", 9)]
    [InlineData("W/\"datetime'2026-11-30T05%3A14%3A05.1200000Z'\"", 9)]
    [InlineData("W/\"datetime'2026-11-30T05%3A14%3A05.12Z'\"", 42)]
    [InlineData("W/\"datetime''\"", 15)]
    [InlineData("W/\"datetime'no time'\"", 22)]
    [InlineData("\"0x8DD00\"", 10)]
    [InlineData("*", 2)]
    public void ToBytes_AnyVersion_IsReadAgain(string text, int length)
    {
        RowVersion version = new ETag(text);
        var bytes = version.ToBytes();

        Assert.Equal(length, bytes.Length);
        Assert.True(RowVersion.TryRead(bytes, out var read));
        Assert.Equal(version, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0101")]
    [InlineData("01ffffffffffffffff")]
    [InlineData("017fffffffffffffff")]
    [InlineData("02313233")]
    public void TryRead_OtherBytes_IsFalse(string hex) => Assert.False(RowVersion.TryRead(Convert.FromHexString(hex), out _));
}
