using Vox.Platform.Text;

namespace Vox.Tests.Text;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u202e\u2069")]
    [InlineData("\u3164")]
    [InlineData("\u2800 \u2800")]
    [InlineData("\ufe0f\u200d")]
    [InlineData("\U000e0041")]
    [InlineData("\u00ad")]
    public void IsVisible_NothingOfItCanBeSeen_No(string name) => Assert.False(VisibleText.IsVisible(name));

    [Theory]
    [InlineData("a\u200b")]
    [InlineData("\u202eevil")]
    [InlineData("漢")]
    [InlineData("😀")]
    [InlineData("۱")]
    [InlineData("❤\ufe0f")]
    [InlineData(".")]
    public void IsVisible_SomethingOfItCanBeSeen_Yes(string name) => Assert.True(VisibleText.IsVisible(name));
}
