using Vox.Chat.Files;

namespace Vox.Tests.Files;

public sealed class FileKeyTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("My photo (1).JPG", "My_photo__1_.JPG")]
    [InlineData("Übung-ñ.png", "Übung-ñ.png")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData("a..", "a")]
    [InlineData("", "file")]
    [InlineData("///", "___")]
    [InlineData("a\u202Eb", "a_b")]
    public void Sanitise_AnyName_IsHarmlessAndStaysSo(string name, string expected)
    {
        Assert.Equal(expected, FileKey.Sanitise(name));
        Assert.Equal(expected, FileKey.Sanitise(expected));
    }

    [Fact]
    public void Sanitise_LongName_KeepsTheExtension()
    {
        var name = FileKey.Sanitise(new string('x', 1_000) + ".jpeg");

        Assert.Equal(FileKey.MaxNameLength, name.Length);
        Assert.EndsWith(".jpeg", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_AnyName_IsAValidKeyOfItsOwn()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => FileKey.Create("a b/c.png")).ToList();

        Assert.Equal(100, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.True(FileKey.IsValid(key) && FileKey.NameOf(key) == "a_b_c.png"));
    }

    [Theory]
    [InlineData("abcdefghijklmno_a.png", true)]
    [InlineData("abcdefghijklmn_a.png", false)]
    [InlineData("abcdefghijklmno_", false)]
    [InlineData("abcdefghijklmno_a b", false)]
    [InlineData("abcdefghijklmnö_a", false)]
    [InlineData("abcdefghijklmno_../a", false)]
    public void IsValid_ProposedKey_AsItMustBe(string key, bool valid) => Assert.Equal(valid, FileKey.IsValid(key));
}
