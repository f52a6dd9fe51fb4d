using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Files;

public sealed class FileKeyTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("My photo (1).JPG", "My photo _1_.JPG")]
    [InlineData("Übung-ñ.png", "Übung-ñ.png")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData("a..", "a")]
    [InlineData(" a b . ", "a b")]
    [InlineData("Screenshot from 2018-01-12 16-29-44.png", "Screenshot from 2018-01-12 16-29-44.png")]
    [InlineData("मेरी तस्वीर.jpg", "मेरी तस्वीर.jpg")]
    [InlineData("รูปที่ฉันถ่าย.jpg", "รูปที่ฉันถ่าย.jpg")]
    [InlineData("שָׁלוֹם.jpg", "שָׁלוֹם.jpg")]
    [InlineData("𠮷野.jpg", "𠮷野.jpg")]
    [InlineData("a\uFFFEb", "a_b")]
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
        Assert.All(keys, key => Assert.True(FileKey.IsValid(key) && FileKey.NameOf(key) == "a b_c.png"));
    }

    [Theory]
    [InlineData("abcdefghijklmno_a.png", true)]
    [InlineData("abcdefghijklmn_a.png", false)]
    [InlineData("abcdefghijklmno_", false)]
    [InlineData("abcdefghijklmno_a b", true)]
    [InlineData("abcdefghijklmno_a ", false)]
    [InlineData("abcdefghijklmno_a\u00A0b", false)]
    [InlineData("abcdefghijklmnö_a", false)]
    [InlineData("abcdefghijklmno_../a", false)]
    public void IsValid_ProposedKey_AsItMustBe(string key, bool valid) => Assert.Equal(valid, FileKey.IsValid(key));

    [Theory]
    [InlineData("", true)]
    [InlineData("key.png", true)]
    [InlineData("thumb_abcdefghijklmno_a b.png", true)]
    [InlineData("thumb_abcdefghijklmno_नमस्ते.png", true)]
    [InlineData("y1BKjkZdcuIqqt7_Screenshot (1) & more.png", true)]
    [InlineData("https://example.com/a.png?x=1", false)]
    [InlineData("//example.com/a.png", false)]
    [InlineData("\\\\example.com\\a.png", false)]
    [InlineData("../../../portal/", false)]
    [InlineData("..%2f..%2fportal", false)]
    [InlineData("..", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("a\"><script>", false)]
    [InlineData("a\u202Eb", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\uD800b", false)]
    public void CheckReference_EndsUpInOtherPeoplesPages_OnlyKeysPass(string text, bool passes)
    {
        if (passes)
        {
            Assert.Equal(text, FileKey.CheckReference(text, "photo"));
        }
        else
        {
            Assert.Equal("photo", Assert.Throws<VoxException>(() => FileKey.CheckReference(text, "photo")).Field);
            Assert.Equal("", FileKey.ReferenceOrEmpty(text));
        }
    }
}
