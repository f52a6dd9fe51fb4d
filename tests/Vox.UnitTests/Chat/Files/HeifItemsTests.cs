using Vox.Chat.Files;

namespace Vox.Tests.Files;

/// <summary>Files that only look like HEIC must not stop anybody, nor be changed.</summary>
public sealed class HeifItemsTests : IDisposable
{
    private const string Brand = "0000001466747970617669660000000061766966";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vox-heif-");

    public static TheoryData<string, string> Files => new()
    {
        { "no meta", Brand },
        { "box longer than the file", Brand + "00FFFFFF" + "6D657461" },
        { "box of no length", Brand + "00000004" + "00000000" },
        { "meta without items", Brand + Box("6D657461", "00000000") },
        { "item list that is cut off", Brand + Box("6D657461", "00000000" + Box("69696E66", "0000000000FF00")) },
        { "place beyond the end", Brand + Meta("00000FFF") },
        { "two items in one place", Brand + Meta("00000001", twice: true) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Remove_FileThatIsNotBuiltWell_LeavesItAlone(string what, string hex)
    {
        var path = Path.Combine(folder.FullName, "file");
        File.WriteAllBytes(path, Convert.FromHexString(hex));

        Assert.False(PictureMetadata.Remove(path, "image/heic", path + ".clean"), what);

        Assert.False(File.Exists(path + ".clean"));
    }

    [Fact]
    public void Remove_ItemInsideTheFile_IsOverwrittenAndNothingElse()
    {
        var path = Path.Combine(folder.FullName, "file");
        // The item has the four bytes of the brand, which stand at 8.
        var file = Convert.FromHexString(Brand + Meta("00000008"));
        File.WriteAllBytes(path, file);

        Assert.True(PictureMetadata.Remove(path, "image/heic", path + ".clean"));

        file.AsSpan(8, 4).Clear();
        Assert.Equal(file, File.ReadAllBytes(path + ".clean"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>One EXIF item of 4 bytes at this place, or twice the same.</summary>
    private static string Meta(string place, bool twice = false)
    {
        const string Infe = "00000014696E6665020000000001000045786966";
        var item = "0001" + "0000" + "0001" + place + "00000004";
        var items = twice ? item + item : item;
        var iinf = Box("69696E66", "00000000" + "0001" + Infe);
        var iloc = Box("696C6F63", "00000000" + "4400" + (twice ? "0002" : "0001") + items);
        return Box("6D657461", "00000000" + iinf + iloc);
    }

    private static string Box(string type, string content) => $"{8 + (content.Length / 2):X8}{type}{content}";
}
