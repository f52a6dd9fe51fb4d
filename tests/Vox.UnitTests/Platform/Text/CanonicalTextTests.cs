using System.Text;
using ADRaffy.ENSNormalize;
using Vox.Platform.Text;

namespace Vox.Tests.Text;

/// <summary>Compared with a library that has the same Unicode data from another source.</summary>
public sealed class CanonicalTextTests
{
    /// <summary>Texts with marks of several classes, Hangul, and characters that are never composed.</summary>
    private static readonly int[] Interesting =
    [
        'a', 'e', 'o', 'A', 0x300, 0x301, 0x304, 0x307, 0x308, 0x316, 0x31B, 0x323, 0x327, 0x338, 0x345, 0x340, 0x344, 0x385, 0x3B1, 0x915,
        0x93C, 0x958, 0x1100, 0x1161, 0x11A8, 0xAC00, 0xAC01, 0x1E9B, 0x1F00, 0x212B, 0x3099, 0x304B, 0xFB1D, 0x5B4, 0x1D15E, 0x1D165,
        0x110B9, 0x110BA, 0x16D63, 0x16D67, 0x2F800, 0x1F600, 0x200D, ' ',
    ];

    [Fact]
    public void Compose_EveryCharacterOfUnicode_AsTheStandardSays()
    {
        var wrong = new List<string>();
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (Rune.IsValid(point))
            {
                Compare(char.ConvertFromUtf32(point), wrong);
                Compare("a" + char.ConvertFromUtf32(point) + "\u0301\u0323", wrong);
            }
        }

        Lists.AssertNone("Texts that are composed otherwise", wrong);
    }

    [Fact]
    public void Compose_MarksInAnyOrder_AsTheStandardSays()
    {
        var wrong = new List<string>();
        string[] characters = [.. Interesting.Select(char.ConvertFromUtf32)];
        foreach (var one in characters)
        {
            foreach (var two in characters)
            {
                foreach (var three in characters)
                {
                    Compare(one + two + three, wrong);
                    Compare("e" + three + two + one + "\u0302", wrong);
                }
            }
        }

        Lists.AssertNone("Texts that are composed otherwise", wrong);
    }

    [Fact]
    public void Compose_HalfASurrogatePair_StaysAsItIs() => Assert.Equal("a\ud800é", CanonicalText.Compose("a\ud800e\u0301"));

    /// <summary>The reason why there is this class. Should this fail one day, the class is not needed any more.</summary>
    [Fact]
    public void Normalize_OfTheRuntimeWithoutIcu_DoesNothing() => Assert.Equal("e\u0301", "e\u0301".Normalize(NormalizationForm.FormC));

    private static void Compare(string text, List<string> wrong)
    {
        if (CanonicalText.Compose(text) != ENSNormalize.NF.NFC(text))
        {
            wrong.Add(string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4"))));
        }
    }
}
